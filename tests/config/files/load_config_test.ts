import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError } from "../../../config/files/config_error.ts";
import { configSchema } from "../../../config/files/config_schema.ts";
import { loadConfig } from "../../../config/files/load_config.ts";
import { FileProblem } from "../../../config/files/read_config_text.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";

const reject = (error: unknown) => () => Promise.reject(error);
const gone = reject(new Deno.errors.NotFound());

Deno.test("loadConfig takes .yaml, .yml and .json in any case, and nothing else", async () => {
  const readText = () => Promise.resolve('{"poll_interval": 5}');
  for (const path of ["a.yaml", "A.YML", "x/b.Json"]) {
    const { config, source } = await loadConfig(path, recoverySchema, { readText });
    assert.deepEqual([config.poll_interval, source], [5, path]);
  }
  for (const path of ["a.toml", "yaml", "a.yaml.bak", "a.yaml/b"]) {
    await assert.rejects(loadConfig(path, recoverySchema, { readText }), {
      code: "CONFIG_UNSUPPORTED",
    }, path);
  }
});

Deno.test("loadConfig tells apart why a file cannot be had", async () => {
  const cases = [
    { error: new Deno.errors.NotFound(), code: "CONFIG_NOT_FOUND", text: /no such file/ },
    {
      error: new Deno.errors.NotCapable(),
      code: "CONFIG_NOT_PERMITTED",
      text: /--allow-read=a\.yaml/,
    },
    {
      error: new FileProblem("not-permitted", "no permission", "--allow-read=a.yaml"),
      code: "CONFIG_NOT_PERMITTED",
      text: /--allow-read=a\.yaml/,
    },
    {
      error: new Deno.errors.PermissionDenied("os"),
      code: "CONFIG_UNREADABLE",
      text: /PermissionDenied: os/,
    },
    {
      error: new FileProblem("too-large", "9 bytes", "at most 5"),
      code: "CONFIG_TOO_LARGE",
      text: /9 bytes/,
    },
    {
      error: new FileProblem("not-a-file", "a folder", "a file"),
      code: "CONFIG_UNREADABLE",
      text: /a folder/,
    },
    {
      error: new FileProblem("not-utf8", "other bytes", "UTF-8"),
      code: "CONFIG_UNREADABLE",
      text: /UTF-8/,
    },
    { error: "odd", code: "CONFIG_UNREADABLE", text: /odd/ },
  ];
  for (const { error, code, text } of cases) {
    await assert.rejects(
      loadConfig("a.yaml", recoverySchema, { readText: reject(error) }),
      (told) => {
        assert.ok(told instanceof ConfigError);
        assert.equal(told.code, code);
        assert.match(told.message, text);
        assert.equal(told.cause, error);
        return true;
      },
    );
  }
});

Deno.test("loadConfig gives defaults for an optional file that is absent, and for no other", async () => {
  const optional = { optional: true };
  const { config, source } = await loadConfig("a.yaml", recoverySchema, {
    ...optional,
    readText: gone,
  });
  assert.equal(source, null);
  assert.equal(config.poll_interval, 30);
  for (const text of ["", "a: [", "poll_interval: x", "enabled: ${BATON_NOT_SET_ANYWHERE}"]) {
    const readText = () => Promise.resolve(text);
    await assert.rejects(
      loadConfig("a.yaml", recoverySchema, { ...optional, readText }),
      ConfigError,
    );
  }
  for (const error of [new Deno.errors.NotCapable(), new Deno.errors.PermissionDenied()]) {
    const options = { ...optional, readText: reject(error) };
    await assert.rejects(loadConfig("a.yaml", recoverySchema, options), ConfigError);
  }
  const strict = configSchema({ name: "x", schema: z.strictObject({ a: z.string() }) });
  await assert.rejects(loadConfig("a.yaml", strict, { ...optional, readText: gone }), {
    code: "CONFIG_NOT_FOUND",
    message: /it has no defaults/,
  });
});

import assert from "node:assert/strict";
import { FileProblem, readConfigText } from "../../../config/files/read_config_text.ts";
import { fromFileUrl } from "../../support/paths.ts";

const folder = fromFileUrl(new URL("../../../examples/config", import.meta.url));
const { state } = await Deno.permissions.query({ name: "read", path: folder });
const canRead = state === "granted";
const need = canRead ? "" : " (needs --allow-read)";

Deno.test(
  "readConfigText names the flag when it may not read",
  { permissions: "none" },
  async () => {
    await assert.rejects(
      readConfigText("/etc/x.yaml", 10),
      (error) =>
        error instanceof FileProblem && error.kind === "not-permitted" &&
        error.expected === "--allow-read=/etc/x.yaml",
    );
  },
);

Deno.test(`readConfigText reads a file within its limit${need}`, { ignore: !canRead }, async () => {
  const text = await readConfigText(`${folder}/recovery.yaml`, 10_000);
  assert.match(text, /^# Basic recovery/);
  await assert.rejects(
    readConfigText(`${folder}/recovery.yaml`, 10),
    (error) => error instanceof FileProblem && error.kind === "too-large",
  );
  await assert.rejects(
    readConfigText(folder, 10),
    (error) =>
      error instanceof FileProblem && error.kind === "not-a-file" && error.got === "a folder",
  );
});

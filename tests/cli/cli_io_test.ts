import assert from "node:assert/strict";
import { systemIo, writeAll } from "../../cli/cli_io.ts";

Deno.test("writeAll goes on after a partial write", () => {
  const chunks: number[] = [];
  writeAll({
    writeSync(bytes) {
      const taken = Math.min(4, bytes.length);
      chunks.push(...bytes.subarray(0, taken));
      return taken;
    },
  }, "größer");
  assert.equal(new TextDecoder().decode(new Uint8Array(chunks)), "größer");
});

Deno.test("writeAll forgives a reader that has gone, and nothing else", () => {
  const failing = (error: Error) => ({
    writeSync(): number {
      throw error;
    },
  });
  writeAll(failing(new Deno.errors.BrokenPipe("gone")), "x");
  assert.throws(() => writeAll(failing(new Deno.errors.BadResource("bug")), "x"), {
    name: "BadResource",
  });
});

Deno.test("systemIo needs no permission to be made", { permissions: "none" }, () => {
  assert.equal(typeof systemIo().stdoutIsTerminal, "boolean");
});

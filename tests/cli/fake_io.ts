import type { CliIo } from "../../cli/cli_io.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

/** A command's outside that writes down what was said. */
export interface FakeIo extends CliIo {
  readonly clock: FakeClock;
  readonly out: () => string;
  readonly err: () => string;
}

/** @returns An outside with nothing but these variables. */
export function fakeIo(env: Readonly<Record<string, string>> = {}): FakeIo {
  let out = "";
  let err = "";
  return {
    stdout: (text) => out += text,
    stderr: (text) => err += text,
    flush: () => Promise.resolve(),
    env: (name) => env[name],
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    clock: new FakeClock(),
    random: () => 0.5,
    exit: (code) => {
      throw new Error(`exited with ${code}`);
    },
    out: () => out,
    err: () => err,
  };
}

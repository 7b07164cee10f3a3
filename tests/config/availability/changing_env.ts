import type { EnvReader, EnvReading } from "../../../config/env_reader.ts";

/** An environment that a test changes and denies as it goes. */
export class ChangingEnv implements EnvReader {
  readonly values = new Map<string, string>();
  denied = false;

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  delete(name: string): void {
    this.values.delete(name);
  }

  read(name: string): EnvReading {
    if (this.denied) return { kind: "denied" };
    const value = this.values.get(name);
    return value === undefined ? { kind: "unset" } : { kind: "set", value };
  }
}

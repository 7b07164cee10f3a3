import type { Scenario } from "./scenario.ts";

/** What a test with real processes and a real file needs. */
const NEEDED: readonly Deno.PermissionDescriptor[] = [
  { name: "run" },
  { name: "read" },
  { name: "write" },
];

/** Registers a test that runs real processes, ignored with a reason where that is not permitted. */
export function testWithProcesses(name: string, fn: (folder: string) => Promise<void>): void {
  const missing = NEEDED.find((one) => Deno.permissions.querySync(one).state !== "granted");
  Deno.test({
    name: missing ? `${name} (needs --allow-${missing.name})` : name,
    ignore: missing !== undefined,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "baton-" });
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Registers a test of each scenario, on a local file of its own. */
export function testOnLocalFile(scenarios: readonly Scenario[], leaseMs: number): void {
  for (const { name, run } of scenarios) {
    testWithProcesses(name, (folder) => run(`${folder}/cluster.db`, leaseMs));
  }
}

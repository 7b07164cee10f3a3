import assert from "node:assert/strict";
import { healthSchema, parseConfig } from "@baton/orchestration/config";
import { openKv } from "@baton/orchestration/coordination";
import {
  checkedPoliciesSchema,
  KvRecoveryStorage,
  recoveryPrefix,
} from "@baton/orchestration/orchestration";
import { fixedEnv } from "../../config/env_reader.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import { readHistory } from "../../orchestration/recovery/recovery_history.ts";
import { NET, READ, RUN, testWith, WRITE } from "../config/availability/probes/probe_runs.ts";
import { fromFileUrl } from "../support/paths.ts";
import { CONFIG } from "../support/recovery_world.ts";
import { CliProcess, eventually, startCli } from "./cli_process.ts";

const EXAMPLE = new URL("../../examples/self_healing/", import.meta.url);
const HERE = "examples/self_healing";

async function readExample(env: Readonly<Record<string, string>>) {
  const text = (file: string) => Deno.readTextFile(new URL(file, EXAMPLE));
  const options = { env: fixedEnv(env) };
  const policies = await parseConfig(
    await text("recovery_policies.yaml"),
    checkedPoliciesSchema,
    options,
  );
  const health = await parseConfig(await text("health.yaml"), healthSchema, options);
  return { policies, health };
}

testWith([READ], "the files of the self-healing example say what its README says", async () => {
  const { policies, health } = await readExample({ BATON_WEB_PORT: "9000" });
  assert.deepEqual([...policies.contradictions, ...health.contradictions], []);
  const { recovery_policies: chains, handlers } = policies.config;
  const { service_down: chain } = chains;
  assert.ok(chain);
  assert.deepEqual(
    chain.escalation_chain.map(({ action, condition }) => [action, condition]),
    [["restart_service", "always"], ["page", "restart_failed"]],
  );
  assert.deepEqual(Object.keys(handlers), ["restart_service", "page"]);
  assert.deepEqual(Object.keys(health.config.components), [chain.component]);
  assert.deepEqual(handlers["restart_service"]?.verify, { component: chain.component });
  assert.equal(argvOf(policies.config).at(-1), "9000");
});

testWith(
  [READ],
  "the README of the self-healing example goes by BATON_WEB_PORT throughout",
  async () => {
    const text = await Deno.readTextFile(new URL("README.md", EXAMPLE));
    assert.doesNotMatch(text, /127\.0\.0\.1:8087/);
    assert.match(text, /restart\.ts \\\n +"\$\{BATON_WEB_PORT:-8087\}"/);
  },
);

type Policies = Awaited<ReturnType<typeof readExample>>["policies"]["config"];

/** @returns The command by which the example restarts its service. */
function argvOf({ handlers }: Policies): readonly string[] {
  const handler = handlers["restart_service"]!;
  assert.ok("exec" in handler);
  return handler.exec.argv;
}

/** @returns The flags of `deno run` by which the README starts a coordinator. */
async function flagsOfReadme(): Promise<readonly string[]> {
  const text = await Deno.readTextFile(new URL("README.md", EXAMPLE));
  const [, flags] = /deno run ([^`]*?) cli\/coordinator\.ts/.exec(text) ?? [];
  assert.ok(flags);
  return flags.replaceAll("\\\n", " ").split(/ +/);
}

async function copyExample(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/${HERE}`, { recursive: true });
  for await (const { name } of Deno.readDir(EXAMPLE)) {
    await Deno.copyFile(fromFileUrl(new URL(name, EXAMPLE)), `${folder}/${HERE}/${name}`);
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The example in a folder and on a port of its own: its service, and three coordinators. */
class RunningExample implements AsyncDisposable {
  readonly folder: string;
  readonly #port: number;
  readonly #members: CliProcess[] = [];

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.#port = port;
  }

  static async start(): Promise<RunningExample> {
    const folder = await Deno.makeTempDir({ prefix: "baton-example-" });
    await copyExample(folder);
    const example = new RunningExample(folder, freePort());
    try {
      await example.#startService();
      await example.#startCoordinators();
      return example;
    } catch (error) {
      await example[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** @returns What the coordinators said. */
  get said(): string {
    return this.#members.map(({ out, err }) => out + err).join("\n");
  }

  /** @returns The process that answers; null when none does. */
  async pidOfService(): Promise<number | null> {
    try {
      const signal = AbortSignal.timeout(1_000);
      const response = await fetch(`http://127.0.0.1:${this.#port}/work`, { signal });
      return (await response.json()).pid;
    } catch {
      return null;
    }
  }

  async hang(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/hang`, { method: "POST" });
    await response.body?.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()));
    try {
      Deno.kill(Number(await Deno.readTextFile(`${this.folder}/.baton/web.pid`)), "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await Deno.remove(this.folder, { recursive: true });
  }

  get #env(): Readonly<Record<string, string>> {
    return { BATON_WEB_PORT: String(this.#port) };
  }

  async #startService(): Promise<void> {
    const [program, ...args] = argvOf((await readExample(this.#env)).policies.config);
    const byHand = new CliProcess(program!, args, { cwd: this.folder });
    assert.equal(await byHand.ends(), 0, byHand.err);
    await eventually(async () => await this.pidOfService() !== null, { what: () => "an answer" });
  }

  async #startCoordinators(): Promise<void> {
    const flags = [`--config=${CONFIG}`, ...await flagsOfReadme()];
    const options = { cwd: this.folder, env: this.#env, flags };
    const files = ["--health", `${HERE}/health.yaml`];
    files.push("--recovery", `${HERE}/recovery_policies.yaml`);
    for (const id of ["a", "b", "c"]) {
      const node = ["--id", id, "--lease", "2s", "--wait"];
      this.#members.push(startCli("coordinator", [...node, ...files], options));
    }
    await Promise.all(this.#members.map((member) => member.says("Members (")));
  }
}

testWith([READ, WRITE, RUN, NET], "the self-healing example heals itself, once", async () => {
  await using example = await RunningExample.start();
  const hanging = await example.pidOfService();
  await example.hang();
  using kv = await openKv(`${example.folder}/.baton/cluster.db`);
  const storage = new KvRecoveryStorage({ kv, prefix: recoveryPrefix("default") });
  const history = () => readHistory(storage, [CLUSTER_LANE]);
  await eventually(async () => (await history()).length > 0, { what: () => example.said });
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // two more decisions

  const [restart, page, ...others] = await history();
  assert.deepEqual(
    [restart?.action_type, restart?.result, restart?.verified],
    ["restart_service", "success", true],
  );
  assert.deepEqual([page?.action_type, page?.result], ["page", "condition_not_met"]);
  assert.deepEqual(others, []);
  const log = await Deno.readTextFile(`${example.folder}/.baton/restarts.log`);
  const [, byCluster, ...more] = log.trim().split("\n");
  assert.match(byCluster!, new RegExp(`execution_id=${restart!.id} attempt=1 fence=\\w`));
  assert.deepEqual(more, [], "once by hand, once by the cluster");
  const pid = await example.pidOfService();
  assert.ok(pid !== null && pid !== hanging, "another process answers");
});

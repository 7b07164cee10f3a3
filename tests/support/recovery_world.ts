import { openKv } from "@baton/orchestration/coordination";
import {
  EnhancedRecoveryOrchestrator,
  KvRecoveryStorage,
  type RecoveryActionDict,
  recoveryPrefix,
} from "@baton/orchestration/orchestration";
import { CLUSTER_LANE, laneKeys } from "../../orchestration/recovery/lane_keys.ts";
import { CliProcess, eventually, startCli } from "../e2e/cli_process.ts";
import { fromFileUrl } from "./paths.ts";
import { readEffects, type RecoveryEffect } from "./recovery_effects.ts";

const CLUSTER = "default";
const WAIT_MAX_MS = 30_000;
/** The configuration under which coordinators run, wherever their folder is. */
export const CONFIG: string = fromFileUrl(new URL("../../deno.json", import.meta.url));
/** Flags of `deno run` for coordinators whose files and store are anywhere. */
const ANYWHERE: readonly string[] = [
  "--no-prompt",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
  `--config=${CONFIG}`,
];

/** What the coordinators of a world go by. */
export interface RecoveryFiles {
  /** What stands in `recovery_policies.yaml`. */
  readonly policies: object;
  /** What stands in `health.yaml`. */
  readonly health?: object;
}

/** Coordinators with recovery, each a real process, and what they do and remember. */
export class RecoveryWorld implements AsyncDisposable {
  /** Where actions run and leave traces. */
  readonly folder: string;
  readonly #storePath: string;
  readonly #leaseMs: number;
  readonly #kv: Deno.Kv;
  readonly #members: CliProcess[] = [];
  readonly #storage: KvRecoveryStorage;
  /** Part of the cluster's recovery, but leads nothing. */
  readonly #reporter: EnhancedRecoveryOrchestrator;

  private constructor(folder: string, storePath: string, leaseMs: number, kv: Deno.Kv) {
    this.folder = folder;
    this.#storePath = storePath;
    this.#leaseMs = leaseMs;
    this.#kv = kv;
    this.#storage = new KvRecoveryStorage({ kv, prefix: recoveryPrefix(CLUSTER) });
    this.#reporter = new EnhancedRecoveryOrchestrator({
      storage: this.#storage,
      configPath: `${folder}/policies.yaml`,
      coordinator: { instanceId: "test", isLeader: false, getNodes: () => Promise.resolve([]) },
    });
  }

  /** Writes the files into a new folder. Nothing runs yet. */
  static async open(
    storePath: string,
    leaseMs: number,
    filesOf: (folder: string) => RecoveryFiles,
  ): Promise<RecoveryWorld> {
    const folder = await Deno.makeTempDir({ prefix: "baton-recovery-" });
    const { policies, health = {} } = filesOf(folder);
    await Deno.writeTextFile(`${folder}/policies.yaml`, JSON.stringify(policies));
    await Deno.writeTextFile(`${folder}/health.yaml`, JSON.stringify(health));
    return new RecoveryWorld(folder, storePath, leaseMs, await openKv(storePath));
  }

  /** Starts a coordinator; it may take a while until it takes part. */
  start(id: string): CliProcess {
    const member = startCli("coordinator", [
      ...["--kv", this.#storePath, "--lease", `${this.#leaseMs}ms`, "--id", id, "--wait"],
      ...["--recovery", `${this.folder}/policies.yaml`, "--health", `${this.folder}/health.yaml`],
    ], { cwd: this.folder, flags: ANYWHERE });
    this.#members.push(member);
    return member;
  }

  /** Starts coordinators, and waits until they take part. */
  async startAll(ids: readonly string[]): Promise<void> {
    const members = ids.map((id) => this.start(id));
    await Promise.all(members.map((member) => member.says("Members (", WAIT_MAX_MS)));
  }

  /** Kills all coordinators at once. */
  async killAll(): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()));
  }

  /** @returns The coordinator that ran an action. */
  ranBy({ leaderPid }: RecoveryEffect): CliProcess {
    const member = this.#members.find(({ pid }) => pid === leaderPid);
    if (member === undefined) throw new Error(`No coordinator is process ${leaderPid}`);
    return member;
  }

  /** Lets what waits for a file go on. */
  async touch(file: string): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${file}`, "");
  }

  /** @returns The traces of actions, in order. */
  async effects(): Promise<readonly RecoveryEffect[]> {
    return await readEffects(this.folder);
  }

  /** Waits for the trace of an action's attempt. */
  async ran(action: string, attempt = 1): Promise<RecoveryEffect> {
    let found: RecoveryEffect | undefined;
    await this.until(`attempt ${attempt} of ${action}`, async () => {
      found = (await this.effects()).find((each) =>
        each.action === action && each.attempt === attempt
      );
      return found !== undefined;
    });
    return found!;
  }

  /** Tells the cluster of an anomaly. */
  async tell(anomalyType: string): Promise<void> {
    await this.#reporter.handleAnomaly({ anomalyType, severityScore: 1 });
  }

  /** Runs `deno task recovery` to its end. */
  async command(...args: readonly string[]): Promise<void> {
    const script = fromFileUrl(new URL("../../cli/recovery.ts", import.meta.url));
    const whole = ["run", ...ANYWHERE, script, ...args, "--kv", this.#storePath];
    const command = new CliProcess(Deno.execPath(), whole, { cwd: this.folder });
    const code = await command.ends();
    if (code !== 0) throw new Error(`recovery ${args.join(" ")}: ${code} ${command.err}`);
  }

  /** @returns Where the first chain under way stands; null when there is none. */
  async position(): Promise<string | null> {
    const [chain] = await this.#storage.list(laneKeys(CLUSTER_LANE).chains, { limit: 1 });
    const { at } = (chain?.value ?? { at: null }) as {
      readonly at: { readonly kind: string } | null;
    };
    return at?.kind ?? null;
  }

  /** @returns What the cluster did, oldest first. */
  async history(): Promise<readonly RecoveryActionDict[]> {
    return await this.#reporter.getActionHistory();
  }

  /** Waits for an entry of the history. */
  async recorded(action: string): Promise<RecoveryActionDict> {
    let found: RecoveryActionDict | undefined;
    await this.until(`${action} in the history`, async () => {
      found = (await this.history()).find(({ action_type }) => action_type === action);
      return found !== undefined;
    });
    return found!;
  }

  /** Waits until something is so; says what the coordinators said when it never is. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const said = () => this.#members.map(({ pid, out, err }) => `${pid}: ${out}${err}`).join("\n");
    await eventually(isSo, { timeoutMs: WAIT_MAX_MS, what: () => `${what}\n${said()}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killAll();
    for (const { pid } of await this.effects()) endGroup(pid);
    this.#kv.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** An action outlives a leader that was killed. */
function endGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

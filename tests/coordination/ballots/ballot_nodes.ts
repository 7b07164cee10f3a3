import type { BallotsOptions } from "../../../coordination/ballots/ballots_options.ts";
import { Ballots } from "../../../coordination/ballots/ballots.ts";
import { NodeInfo } from "../../../coordination/node_info.ts";
import { MemberStatus } from "../../../enums/member_status.ts";
import { stub } from "../../support/stub.ts";
import { TestStore } from "../../support/test_store.ts";
import type { TrackingKv, TrackingKvOptions } from "../../support/tracking_kv.ts";

/** Where the ballots of these tests stand. */
export const PREFIX: Deno.KvKey = ["baton", "ballots", "c"];

/** A process with its part in the ballots of cluster "c". */
export interface BallotNode {
  readonly ballots: Ballots;
  readonly handle: TrackingKv;
}

/** A store with as many processes as a test wants. */
export class BallotWorld implements AsyncDisposable {
  readonly test: TestStore;
  readonly #nodes: BallotNode[] = [];

  private constructor(test: TestStore) {
    this.test = test;
  }

  static async open(): Promise<BallotWorld> {
    const test = await TestStore.open();
    stub(test, "raw", withOpenAtomics(test.raw));
    return new BallotWorld(test);
  }

  /** One more process: attempts of 200 ms, polls of 500 ms. */
  node(
    instanceId: string,
    options: Partial<BallotsOptions> = {},
    kvOptions: TrackingKvOptions = {},
  ): BallotNode {
    const handle = this.test.handle(kvOptions);
    const ballots = new Ballots({
      store: this.test.port(handle),
      cluster: "c",
      instanceId,
      attemptTimeoutMs: 200,
      pollMs: 500,
      storePath: ":memory:",
      members: () => Promise.resolve(members(["a", "b", "c"])),
      ...options,
    });
    const node = { ballots, handle };
    this.#nodes.push(node);
    return node;
  }

  /** The keys below a part of the ballots' prefix. */
  async keys(...below: string[]): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of this.test.raw.list({ prefix: [...PREFIX, ...below] })) {
      found.push(key.slice(PREFIX.length).map(String).join("/"));
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ballots } of this.#nodes) await ballots[Symbol.asyncDispose]();
    await this.test.settle();
    this.test.raw.close();
  }
}

/** A tracked operation is a proxy, on which the store's own methods with private fields fail. */
function withOpenAtomics(kv: Deno.Kv): Deno.Kv {
  const atomic = () => {
    const operation = kv.atomic();
    const methods = ["check", "set", "delete", "sum", "commit"] as const;
    return Object.fromEntries(methods.map((name) => [name, operation[name].bind(operation)]));
  };
  return new Proxy(kv, {
    get(target, property) {
      const value = property === "atomic" ? atomic : Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Members as a coordinator lists them. */
export function members(
  ids: readonly string[],
  status: MemberStatus = MemberStatus.ALIVE,
): NodeInfo[] {
  return ids.map((instanceId) =>
    new NodeInfo({
      instanceId,
      isLeader: false,
      healthScore: 1,
      status,
      lastHeartbeat: null,
      incarnation: "1",
      labels: {},
      load: 0,
      takesWork: false,
      state: null,
    })
  );
}

/**
 * A model of an election small enough to look at every state of it. The store, the messages and the
 * crashes are made up here; what a node does is decided by the shipped `decideLease` and
 * `remainingValidityMs`.
 *
 * Times are whole ticks, and only as ages: a state knows no "now". So states that differ in the hour
 * alone are one state. Nodes have no names in a state's key either, so renaming them gives no new
 * states.
 *
 * A node reads the store and decides in one step. Nothing is lost by that: an answer that was
 * overtaken by a write can only make a node send a commit that the store refuses.
 *
 * @module
 */

import type { ExploreOptions, Move } from "../../testing/explore.ts";
import { LeaseProtocol, type MissingGuard } from "./lease_protocol.ts";
import { leaseStateKey } from "./lease_state_key.ts";
import { arrive, withoutDead, write } from "./lease_store.ts";
import {
  type Call,
  type ClusterState,
  expired,
  hungUp,
  lose,
  NO_RECORDS,
  type NodeState,
  send,
  withCall,
  withNode,
} from "./lease_states.ts";

/** How large the model is. */
export interface LeaseModelOptions {
  /** The highest term; nobody stands for a further one. */
  readonly terms: number;
  /** The lease in ticks. */
  readonly leaseTicks: number;
  /** How many answers get lost at most. */
  readonly lostAnswers: number;
  /** How many crashes there are at most; a crashed node comes back at once, knowing nothing. */
  readonly crashes: number;
  /** How often leaders resign at most. */
  readonly resignations: number;
  /** Whether all clocks tick together, or each by itself: any rates, any pauses. */
  readonly clocks: "together" | "apart";
  /** The ids of the nodes; `["a", "b", "c"]` unless told. */
  readonly ids?: readonly string[];
  /** What is left out of the protocol. */
  readonly without?: readonly MissingGuard[];
}

/** An election of a few nodes, as `explore` takes it. */
export class LeaseModel implements ExploreOptions<ClusterState> {
  readonly initial: ClusterState;
  readonly #options: LeaseModelOptions;
  readonly #ids: readonly string[];
  readonly #protocol: LeaseProtocol;

  constructor(options: LeaseModelOptions) {
    this.#options = options;
    this.#ids = options.ids ?? ["a", "b", "c"];
    this.#protocol = new LeaseProtocol(options.leaseTicks, options.without ?? []);
    this.initial = {
      records: NO_RECORDS,
      nodes: this.#ids.map((_, node) => this.#newborn(node, node)),
      orphans: [],
      fences: [],
      written: 0,
      lostLeft: options.lostAnswers,
      crashesLeft: options.crashes,
      resignationsLeft: options.resignations,
      fault: null,
      serial: this.#ids.length,
    };
  }

  /** Everything that can happen next. */
  readonly next = (state: ClusterState): Move<ClusterState>[] => {
    const moves: Move<ClusterState>[] = [];
    const add = (step: string, to: ClusterState | null) => {
      if (to !== null) moves.push({ step, state: withoutDead(to, this.#protocol) });
    };
    for (const [node, { held, call }] of state.nodes.entries()) {
      const name = this.#nameOf(node);
      if (call === null && held === null) this.#addTurn(state, node, add);
      if (call === null && held !== null) {
        add(`${name} sends a renewal of term ${held.term}`, this.#renew(state, node));
        add(`${name} resigns term ${held.term}`, this.#resign(state, node));
      }
      if (call !== null) this.#addCall(state, node, call, add);
      if (state.crashesLeft > 0) add(`${name} crashes and comes back`, this.#crash(state, node));
      if (this.#options.clocks === "apart") {
        add(`the clock of ${name} ticks`, this.#tick(state, (other) => other === node));
      }
    }
    for (const message of state.orphans) {
      const { kind, node, term } = message;
      const orphans = state.orphans.filter((other) => other !== message);
      add(
        `${this.#nameOf(node)}'s late ${kind} for term ${term} arrives`,
        arrive({ ...state, orphans }, message, this.#protocol),
      );
    }
    for (const fence of state.fences) {
      add(`a write of term ${fence.term} arrives`, write(state, fence, this.#protocol));
    }
    if (this.#options.clocks === "together") add("all clocks tick", this.#tick(state, () => true));
    return moves;
  };

  /** Names a state. */
  readonly key = (state: ClusterState): string => leaseStateKey(state, this.#protocol);

  /** The promises. */
  readonly check = (state: ClusterState): string | null => {
    if (state.fault !== null) return state.fault;
    const { records } = state;
    if (records.leaseTerm !== records.term) {
      return `term ${records.leaseTerm} was renewed in term ${records.term}`;
    }
    const believers = [...state.nodes.entries()].filter(([, { held }]) => held !== null);
    if (new Set(believers.map(([, { held }]) => held!.term)).size < believers.length) {
      return "two nodes hold one term";
    }
    if (this.#options.clocks === "apart") return null;
    for (const [node, { held }] of believers) {
      if (records.node !== node || records.term !== held!.term || records.holderId === null) {
        return `${this.#nameOf(node)} trusts term ${held!.term}, and the store says otherwise`;
      }
    }
    return null;
  };

  // What nodes do

  #addTurn(state: ClusterState, node: number, add: AddMove): void {
    const self = state.nodes[node]!;
    const view = this.#protocol.look(state.records, self);
    const action = this.#protocol.decideFollowing(self, state.records, view.age);
    const name = this.#nameOf(node);
    if (action.kind === "wait") {
      return add(`${name} looks and waits`, withNode(state, node, { ...self, view }));
    }
    if (action.kind !== "acquire") throw new Error(`A follower was told to ${action.kind}`);
    const step = this.#protocol.lacks("next term is a new one") && state.records.term > 0 ? 0 : 1;
    const term = state.records.term + step;
    if (term > this.#options.terms) return;
    const looked = withNode(state, node, { ...self, view });
    const text = `${name} sends an acquire for term ${term} (${action.because})`;
    add(text, send(looked, node, { kind: "acquire", term }));
  }

  #renew(state: ClusterState, node: number): ClusterState | null {
    const { held } = state.nodes[node]!;
    if (this.#protocol.decideHeld(state.nodes[node]!, null) !== "renew") return null;
    return send(state, node, { kind: "renew", term: held!.term, termStamp: held!.stamp });
  }

  /** Nobody waits for the answer: the belief ends before the message is sent. */
  #resign(state: ClusterState, node: number): ClusterState | null {
    if (state.resignationsLeft === 0) return null;
    const self = state.nodes[node]!;
    const { term, stamp: termStamp } = self.held!;
    const sent = send(state, node, { kind: "release", term, termStamp });
    return withNode(
      {
        ...sent,
        orphans: [...state.orphans, sent.nodes[node]!.call!.message],
        resignationsLeft: state.resignationsLeft - 1,
      },
      node,
      { ...self, held: null },
    );
  }

  #addCall(state: ClusterState, node: number, call: Call, add: AddMove): void {
    const name = this.#nameOf(node);
    const text = `${call.message.kind} for term ${call.message.term}`;
    if (call.answer === "none") {
      add(`${name}'s ${text} arrives`, arrive(state, call.message, this.#protocol));
    }
    if (call.answer === "ok" || call.answer === "refused") {
      const answered = call.answer === "ok"
        ? this.#granted(state, node, call, call.stamp)
        : this.#readBack(state, node, call);
      add(`${name} hears ${call.answer} to its ${text}`, answered);
    }
    if (call.answer === "lost") {
      add(
        `${name} looks for the nonce of its ${text}`,
        this.#readBack(state, node, call),
      );
      add(`${name} gives up on its ${text}`, hungUp(state, node));
    } else if (state.lostLeft > 0) {
      const poorer = { ...state, lostLeft: state.lostLeft - 1 };
      add(`${name} loses the answer to its ${text}`, lose(poorer, node, call));
      if (call.answer === "ok") {
        const repeated = { ...call, answer: "refused" as const };
        add(`the client of ${name} sends its ${text} twice`, withCall(poorer, node, repeated));
      }
    }
  }

  /** The outcome was no, or is not known: the nonce in the store tells. */
  #readBack(state: ClusterState, node: number, call: Call): ClusterState {
    const { records } = state;
    const { kind, nonce } = call.message;
    const isOurs = nonce === (kind === "acquire" ? records.termNonce : records.leaseNonce);
    const isBelieved = this.#protocol.lacks("nonce read back") && call.answer === "lost";
    if (isOurs || isBelieved) return this.#granted(state, node, call, records.termStamp);
    const self = state.nodes[node]!;
    if (call.answer === "lost" || self.held === null) return hungUp(state, node);
    if (this.#protocol.decideHeld(self, records) === "stepDown") {
      return withNode(state, node, { ...self, held: null, call: null });
    }
    const { term } = self.held;
    const fault = term === records.term ? null : `${this.#nameOf(node)} keeps its old term ${term}`;
    return { ...hungUp(state, node), fault };
  }

  #granted(state: ClusterState, node: number, call: Call, stamp: number): ClusterState {
    const self = state.nodes[node]!;
    const { kind, term } = call.message;
    const age = this.#protocol.lacks("validity from before the sending") ? 0 : call.age;
    if (kind === "renew") {
      const held = self.held && { ...self.held, age };
      return withNode(state, node, { ...self, held, call: null });
    }
    const held = this.#protocol.leftMs(age) > 0 ? { term, stamp, age } : null;
    const granted = withNode(state, node, { ...self, held, call: null });
    if (held === null) return granted;
    const fault = call.done ? null : `${this.#nameOf(node)} leads in term ${term} on a guess`;
    return { ...granted, fault, fences: [...state.fences, { term, stamp }] };
  }

  /** What was sent before goes on without it. */
  #crash(state: ClusterState, node: number): ClusterState {
    const serial = state.serial + 1;
    const { call } = state.nodes[node]!;
    const orphans = call?.answer === "none" ? [...state.orphans, call.message] : state.orphans;
    const crashed = { ...state, serial, orphans, crashesLeft: state.crashesLeft - 1 };
    return withNode(crashed, node, this.#newborn(node, serial));
  }

  // What time does

  #tick(state: ClusterState, moves: (node: number) => boolean): ClusterState {
    const older = <T extends { readonly age: number }>(aged: T, max: number): T =>
      aged.age < max ? { ...aged, age: aged.age + 1 } : aged;
    let now = state;
    for (const [node, self] of state.nodes.entries()) {
      if (!moves(node)) continue;
      const view = self.view && older(self.view, this.#protocol.leaseTicks);
      const held = self.held && older(self.held, this.#protocol.overAge);
      const call = self.call && older(self.call, this.#protocol.overAge);
      const aged = { ...self, view, held, call };
      now = withNode(now, node, aged);
      if (held !== null && this.#protocol.decideHeld(aged, null) === "stepDown") {
        now = expired(now, node);
      }
    }
    return now;
  }

  // The model's own

  #newborn(node: number, serial: number): NodeState {
    const id = this.#ids[node]!;
    const incarnation = this.#protocol.lacks("own incarnation per process")
      ? id
      : `${id}-${serial}`;
    return { id, incarnation, view: null, held: null, call: null };
  }

  #nameOf(node: number): string {
    const id = this.#ids[node]!;
    return this.#ids.indexOf(id) === node ? id : `${id}'`;
  }
}

type AddMove = (step: string, to: ClusterState | null) => void;

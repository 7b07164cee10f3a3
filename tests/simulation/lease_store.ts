/** What the store does in the lease model. */

import type { LeaseProtocol } from "./lease_protocol.ts";
import { answered, type ClusterState, type Fence, type Message } from "./lease_states.ts";

/** A commit reaches the store. */
export function arrive(
  state: ClusterState,
  message: Message,
  protocol: LeaseProtocol,
): ClusterState {
  const { records } = state;
  const stamp = state.serial + 1;
  if (!protocol.applies(records, message)) return answered(state, message, "refused", 0);
  const done = answered({ ...state, serial: stamp }, message, "ok", stamp);
  const { kind, node, incarnation, term, nonce } = message;
  if (kind === "renew") {
    return {
      ...done,
      records: { ...records, leaseTerm: term, leaseNonce: nonce, leaseStamp: stamp },
    };
  }
  if (kind === "release") {
    return {
      ...done,
      records: {
        ...records,
        holderId: null,
        incarnation: null,
        termNonce: nonce,
        termStamp: stamp,
      },
    };
  }
  const fault = term > records.term ? null : `term ${term} was given after term ${records.term}`;
  return {
    ...done,
    fault,
    records: {
      term,
      holderId: state.nodes[node]!.id,
      incarnation,
      termNonce: nonce,
      termStamp: stamp,
      leaseTerm: term,
      leaseNonce: nonce,
      leaseStamp: stamp,
      node,
    },
  };
}

/** A fenced write reaches the store; null when it is refused. */
export function write(
  state: ClusterState,
  { term, stamp }: Fence,
  protocol: LeaseProtocol,
): ClusterState | null {
  if (!protocol.passesFence(state.records, stamp)) return null;
  const fault = term >= state.written
    ? null
    : `a write of term ${term} was committed after term ${state.written}'s`;
  return { ...state, fault, written: Math.max(state.written, term) };
}

/** Forgets what can have no effect any more: stamps grow, so what is stale stays stale. */
export function withoutDead(state: ClusterState, protocol: LeaseProtocol): ClusterState {
  const { records } = state;
  const nodes = state.nodes.map((self) => {
    const { view, call } = self;
    const isSeen = view !== null && protocol.isSame(view, records);
    const isDoomed = call?.answer === "none" && !protocol.applies(records, call.message);
    const answer = "refused" as const;
    if (!isDoomed && (isSeen || view === null)) return self;
    return { ...self, view: isSeen ? view : null, call: isDoomed ? { ...call, answer } : call };
  });
  return {
    ...state,
    nodes,
    orphans: state.orphans.filter((message) => protocol.applies(records, message)),
    fences: state.fences.filter(({ stamp }) => protocol.passesFence(records, stamp)),
  };
}

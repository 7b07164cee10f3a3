import type { LeaseProtocol } from "./lease_protocol.ts";
import type { Call, ClusterState, Message, NodeState } from "./lease_states.ts";

/**
 * Names a state by what can still matter: of stamps and nonces only whether they are the present
 * ones, of nodes not which is which. Most of an exploration's time is spent here.
 *
 * @param state The state.
 * @param protocol Its rules.
 * @returns The same text for states that have the same future.
 */
export function leaseStateKey(state: ClusterState, protocol: LeaseProtocol): string {
  const { records: { term, leaseTerm, holderId }, fault } = state;
  const nodes = state.nodes.map((node, index) => nodeKey(state, node, index, protocol));
  const fences = state.fences.map(({ term, stamp }) =>
    `${term}${mark(stamp === state.records.termStamp)}`
  );
  const written = protocol.isWhole ? mark(state.written === term) : state.written;
  const left = `${state.lostLeft}${state.crashesLeft}${state.resignationsLeft}`;
  const records = `${term},${leaseTerm},${mark(holderId === null)}`;
  return `${records},${written},${left},${fault}|${fences.sort()}|${nodes.sort().join("|")}`;
}

function nodeKey(
  state: ClusterState,
  node: NodeState,
  index: number,
  protocol: LeaseProtocol,
): string {
  const { records, orphans } = state;
  const { id, incarnation, view, held } = node;
  const hasTwin = state.nodes.some((other) => other !== node && other.id === id);
  const holding = mark(records.node === index) + mark(records.incarnation === incarnation);
  const term = held ? `${held.term}${mark(held.stamp === records.termStamp)}${held.age}` : "";
  const call = node.call ? callKey(state, node.call, protocol) : "";
  const late = orphans.length > 0 ? lateKey(state, node, index) : "";
  return `${mark(hasTwin)}${holding}${view?.age ?? ""},${term},${call},${late}`;
}

/** The commits of a node that nobody waits for, save that it may look for the nonce of one. */
function lateKey(state: ClusterState, { call }: NodeState, index: number): string {
  const late = state.orphans.filter((message) => message.node === index).map((message) =>
    messageKey(state, message) + mark(message.nonce === call?.message.nonce)
  );
  return late.sort().join("+");
}

function callKey(state: ClusterState, call: Call, protocol: LeaseProtocol): string {
  const { message, answer, age, stamp, done } = call;
  if (isVain(state, call, protocol)) return `${message.kind} ${answer}`;
  const isPresent = stamp === state.records.termStamp;
  return `${messageKey(state, message)} ${answer} ${age}${mark(isPresent)}${mark(done)}`;
}

/** Nothing can come of a call whose answer says nothing and whose nonce will not be found. */
function isVain(
  { records, orphans }: ClusterState,
  { answer, message: { nonce } }: Call,
  protocol: LeaseProtocol,
): boolean {
  return (answer === "refused" || answer === "lost") && !protocol.lacks("nonce read back") &&
    nonce !== records.termNonce && nonce !== records.leaseNonce &&
    orphans.every((message) => message.nonce !== nonce);
}

function messageKey({ records, nodes }: ClusterState, message: Message): string {
  const { kind, term, nonce, termStamp, leaseStamp, incarnation, node } = message;
  const stamps = mark(termStamp === records.termStamp) + mark(leaseStamp === records.leaseStamp);
  const nonces = mark(nonce === records.termNonce) + mark(nonce === records.leaseNonce);
  return `${kind}${term}${stamps}${nonces}${mark(incarnation === nodes[node]!.incarnation)}`;
}

function mark(answer: boolean): string {
  return answer ? "+" : "-";
}

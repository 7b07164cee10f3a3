import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";

/** A schedule that is written by hand, and the states in which it must have been. */
export interface ForcedSchedule {
  readonly name: string;
  readonly schedule: SimSchedule;
  readonly mustSee: readonly string[];
}

/** A seed whose nodes both work and vote. */
const SEED = 4;
const NODES = [0, 1, 2] as const;
const quiet: SimSchedule = {
  ...drawSchedule(SEED, { classes: [] }),
  client: "local",
  nodes: NODES.map(() => ({ rate: 1, offsetMs: 0 })),
  actions: [],
  healAtMs: 6_000,
  endAtMs: 9_000,
};

/** Whoever leads when its turn comes is hit: the turns are further apart than a lease. */
function inTurn(make: (node: number) => SimSchedule["actions"][number]): SimSchedule["actions"] {
  return NODES.map(make);
}

/** Schedules that bring the interesting states about instead of hoping for them. */
export const FORCED_SCHEDULES: readonly ForcedSchedule[] = [
  {
    name: "nothing happens",
    schedule: quiet,
    mustSee: ["work assigned", "work completed", "a vote was counted", "a ballot was decided"],
  },
  {
    name: "every node is frozen in turn",
    schedule: {
      ...quiet,
      actions: inTurn((node) => (
        { kind: "pause", node, forMs: 1_700, monotonic: true, atMs: 300 + 1_850 * node }
      )),
    },
    mustSee: [
      "takeover after expiry",
      "a fenced write of a deposed leader was refused",
      "work completed by a later attempt",
    ],
  },
  {
    name: "every node is killed in turn",
    schedule: {
      ...quiet,
      actions: inTurn((node) => ({ kind: "crash", node, forMs: 900, atMs: 400 + 1_800 * node })),
    },
    mustSee: ["takeover after expiry", "work taken from a claimant, or given back"],
  },
  {
    name: "every node is cut off in turn",
    schedule: {
      ...quiet,
      actions: inTurn((node) => (
        { kind: "partition", node, forMs: 1_700, cut: "both", atMs: 300 + 1_850 * node }
      )),
    },
    mustSee: ["takeover after expiry"],
  },
  {
    name: "every node is shut down in turn, twice",
    schedule: {
      ...quiet,
      healAtMs: 8_500,
      endAtMs: 11_500,
      actions: [0, 3_900].flatMap((roundMs) =>
        inTurn((node) => (
          { kind: "restart", node, forMs: 1_000, variant: 0, atMs: 400 + roundMs + 1_300 * node }
        ))
      ),
    },
    mustSee: ["released", "takeover after release"],
  },
  {
    name: "a client repeats what had no reply",
    schedule: { ...quiet, client: "connect", faults: { ...quiet.faults, lostReply: 0.3 } },
    mustSee: ["fault retry", "fault falseRefusal"],
  },
  {
    name: "writes land late",
    schedule: {
      ...quiet,
      faults: { ...quiet.faults, zombie: 0.5, zombieDelay: { minMs: 900, maxMs: 3_000 } },
    },
    mustSee: ["fault zombie", "takeover after expiry"],
  },
  {
    name: "the store is away for longer than a lease",
    schedule: { ...quiet, actions: [{ kind: "outage", forMs: 1_500, atMs: 700 }] },
    mustSee: ["fault outage", "a fenced write failed"],
  },
  {
    name: "the store is set back",
    schedule: { ...quiet, actions: [{ kind: "restore", agoMs: 800, atMs: 2_500 }] },
    mustSee: ["the store was set back"],
  },
  {
    name: "half of all replies are lost, and nobody repeats anything",
    schedule: { ...quiet, faults: { ...quiet.faults, lostReply: 0.25, lostRequest: 0.25 } },
    mustSee: ["fault lostReply", "fault lostRequest"],
  },
];

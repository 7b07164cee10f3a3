import type { Mutant } from "./mutants.ts";

const LANE = "orchestration/recovery/recovery_lane.ts";
const RUNNER = "orchestration/recovery/chain_runner.ts";
const DESK = "orchestration/recovery/chain_desk.ts";
const WORKER = "orchestration/recovery/lane_worker.ts";

/** Guards of recovery that are switched off one at a time: the simulator must notice each. */
export const RECOVERY_MUTANTS: readonly Mutant[] = [
  {
    name: "a lane is changed whatever became of its ledger",
    about: "recovery",
    file: LANE,
    find: "checks: [{ key: this.keys.ledger, version: this.#version }, ...checks],",
    replace: "checks: [...checks],",
  },
  {
    name: "a leader's changes do not check its fence",
    about: "recovery",
    file: "orchestration/recovery/kv_recovery_storage.ts",
    find: "...(fence ? [fence] : []),",
    replace: "...(void fence, []),",
  },
  {
    name: "a lane goes on with what it remembers when a change was not answered",
    about: "recovery",
    file: LANE,
    find: "      await this.#reload(isKnown);\n",
    replace: "",
    and: {
      file: WORKER,
      find: '        await this.#guard("lane", () => this.lane.refresh());\n',
      replace: "",
    },
  },
  {
    name: "a change that was not answered counts as stored",
    about: "recovery",
    file: LANE,
    find: "    if (version === null) {\n      // A deposed",
    replace: "    if (version === null && isKnown) {\n      // A deposed",
  },
  {
    name: "a chain is moved from wherever it stands",
    about: "recovery",
    file: DESK,
    find: "current !== undefined && isSamePlace(current, chain)",
    replace: "(void isSamePlace, current !== undefined)",
  },
  {
    name: "an action is resumed with the attempt that died",
    about: "recovery",
    file: RUNNER,
    find: "attempt: execution.attempt + 1,\n",
    replace: "attempt: execution.attempt,\n",
  },
  {
    name: "an action is tried again with the same attempt",
    about: "recovery",
    file: RUNNER,
    find: "execution = { ...execution, attempt: execution.attempt + 1 };",
    replace: "execution = { ...execution };",
  },
  {
    name: "an action is resumed however often that was cut short",
    about: "recovery",
    file: RUNNER,
    find: "again.interruptions >= INTERRUPTIONS_MAX",
    replace: "again.interruptions >= 100 * INTERRUPTIONS_MAX",
  },
  {
    name: "a decision to run is not noted",
    about: "recovery",
    file: RUNNER,
    find: "    noteRun(draft.ledger, currentStep(chain).action, draft.nowMs);\n",
    replace: "    void noteRun;\n",
  },
  {
    name: "a chain that comes to light late is taken on by nobody",
    about: "recovery",
    file: WORKER,
    find: "    this.#runAll();\n    return this.#taking",
    replace: "    return this.#taking",
  },
  {
    name: "an anomaly is taken though another telling joined it meanwhile",
    about: "recovery",
    file: "orchestration/recovery/lane_draft.ts",
    find: "    this.#checks.push({ key: entry.key, version: entry.version });\n",
    replace: "",
  },
  {
    name: "an anomaly is put on record over another",
    about: "recovery",
    file: "orchestration/recovery/anomaly_inbox.ts",
    find: "checks: [{ key, version: entry?.version ?? null }, ...room.checks ?? []],",
    replace: "checks: [...room.checks ?? []],",
  },
  {
    name: "an action runs whatever was decided when its turn came",
    about: "recovery",
    file: RUNNER,
    find: 'if (decided.decision.kind === "run") this.#putDecision',
    replace: "this.#putDecision",
  },
  {
    name: "a lane's clock may go back",
    about: "recovery",
    file: LANE,
    find: "Math.max(this.#ledger.atMs, this.#anchor.wallMs + passedMs)",
    replace: "this.#anchor.wallMs + passedMs",
  },
];

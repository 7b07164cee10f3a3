import assert from "node:assert/strict";
import fc from "fast-check";
import { defineWorkflow } from "../../engines/workflow/define_workflow.ts";
import { readySteps } from "../../engines/workflow/ready_steps.ts";
import { skippedResult } from "../../engines/workflow/skipped_step.ts";
import type { StepResult } from "../../engines/workflow/step_result.ts";
import type { WorkflowStep } from "../../engines/workflow/workflow_step.ts";
import { InvalidRecordError } from "../../enums/mod.ts";
import { checkProperty } from "../support/property.ts";
import { AT, completed, ended } from "../support/step_results.ts";

/** A step of a graph without circles: it waits for some of those before it. */
const drawnStep = fc.record({
  needs: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  always: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  when: fc.constantFrom("yes", "yes", "no", "throws"),
  status: fc.constantFrom("completed", "completed", "failed", "timed_out", "cancelled"),
  strategy: fc.constantFrom("parallel", "parallel", "sequential", "conditional"),
});
const drawnRun = fc.record({
  steps: fc.array(drawnStep, { minLength: 1, maxLength: 15 }),
  shuffle: fc.infiniteStream(fc.nat()),
  strictStop: fc.boolean(),
  /** Which step's end calls the run off; none when there are fewer. */
  cancelAfter: fc.nat({ max: 60 }),
  /** How many steps run at a time. */
  runningMax: fc.integer({ min: 1, max: 20 }),
});

type Drawn = typeof drawnRun extends fc.Arbitrary<infer T> ? T : never;

function draw({ steps, shuffle }: Drawn) {
  const options = steps.map(({ needs, always, when, strategy }, i) => ({
    strategy,
    name: `s${i}`,
    dependsOn: needs.filter((n) => n < i && (always || !steps[n]!.always)).map((n) => `s${n}`),
    always,
    when: always ? null : () => {
      if (when === "throws") throw new Error("condition");
      return when === "yes";
    },
  }));
  const keyed = options.map((option) => ({ option, key: shuffle.next().value! }));
  keyed.sort((a, b) => a.key - b.key);
  const listed = keyed.map(({ option }) => option);
  try {
    return { listed, definition: defineWorkflow({ name: "w", steps: listed }) };
  } catch (error) {
    // In this order a step waits for a conditional one behind it, and so for itself.
    assert.ok(error instanceof InvalidRecordError);
    for (const step of listed) if (step.strategy === "conditional") step.strategy = "parallel";
    return { listed, definition: defineWorkflow({ name: "w", steps: listed }) };
  }
}

/** Runs a workflow to its end, with steps that end in any order; notes what happened. */
class Run {
  readonly results = new Map<string, StepResult>();
  readonly running = new Set<string>();
  readonly begun: string[] = [];
  isCancelled = false;

  readonly #listed: ReturnType<typeof draw>["listed"];
  readonly #order: readonly WorkflowStep[];

  constructor(readonly drawn: Drawn) {
    const { definition, listed } = draw(drawn);
    this.#listed = listed;
    this.#order = definition.steps;
    for (let round = 0; round < 100; round++) {
      const decision = readySteps(definition, this, { strictStop: drawn.strictStop });
      if (decision.kind === "over") return;
      if (decision.kind === "act") {
        const isStopped = drawn.strictStop && this.#hasFailed();
        assert.ok(!isStopped || decision.run.length === 0, "began after a failure");
        decision.skip.forEach((skipped) => this.#end(skippedResult(skipped, AT)));
        decision.run.forEach((step) => this.#begin(step));
      }
      if (decision.kind === "wait" || this.running.size > 0) this.#endOne();
    }
    assert.fail("the run did not end");
  }

  #begin(step: WorkflowStep): void {
    const { name } = step;
    assert.ok(!this.begun.includes(name), `${name} began twice`);
    assert.ok(!this.isCancelled, "began after the run was called off");
    for (const need of step.dependsOn) {
      const result = this.results.get(need);
      assert.ok(result !== undefined, `${name} began before ${need} ended`);
      assert.ok(step.always || result.success, `${name} began though ${need} failed`);
    }
    this.#checkTurn(step);
    this.begun.push(name);
    this.running.add(name);
  }

  get mayBegin(): number {
    return this.drawn.runningMax - this.running.size;
  }

  /** The strategies, said in another way than the code does. */
  #checkTurn({ name, strategy, always }: WorkflowStep): void {
    assert.ok(this.mayBegin >= 1, `${name} began beyond the room`);
    const isAlone = (other: string) => this.#drawnOf(other).strategy === "sequential";
    assert.ok(![...this.running].some(isAlone), `${name} began beside one that runs alone`);
    if (strategy === "sequential") {
      assert.equal(this.running.size, 0, `${name} began beside others`);
    }
    const before = this.#order.slice(0, this.#order.findIndex((other) => other.name === name));
    const held = before.find((other) => isAlone(other.name) && this.#isReady(other));
    assert.equal(held?.name, undefined, `${name} began before one that runs alone`);
    if (strategy !== "conditional") return;
    const place = this.#listed.findIndex((other) => other.name === name);
    for (const other of this.#listed.slice(0, place)) {
      if (other.always && !always) continue;
      const result = this.results.get(other.name);
      assert.ok(result !== undefined && (always || result.success), `${name} needs ${other.name}`);
    }
  }

  #isReady({ name, dependsOn, always }: WorkflowStep): boolean {
    if (this.results.has(name) || this.running.has(name)) return false;
    const isOpen = this.#order.some((other) => !other.always && !this.results.has(other.name));
    if (always) return !isOpen && dependsOn.every((need) => this.results.has(need));
    return this.#drawnOf(name).when === "yes" &&
      dependsOn.every((need) => this.results.get(need)?.success === true);
  }

  #drawnOf(name: string) {
    return this.drawn.steps[Number(name.slice(1))]!;
  }

  #hasFailed(): boolean {
    return [...this.results.values()].some(({ status }) =>
      status !== "completed" && status !== "skipped"
    );
  }

  #endOne(): void {
    assert.ok(this.running.size > 0, "waits for nothing");
    const names = [...this.running];
    const name = names[this.drawn.shuffle.next().value! % names.length]!;
    this.running.delete(name);
    const { status } = this.#drawnOf(name);
    this.#end(status === "completed" ? completed(name) : ended(name, status as "failed"));
    if (this.results.size > this.drawn.cancelAfter) this.isCancelled = true;
  }

  #end(result: StepResult): void {
    assert.ok(!this.results.has(result.stepName), `${result.stepName} ended twice`);
    this.results.set(result.stepName, result);
  }
}

Deno.test("readySteps brings every run of every graph to an end, each step once and after its dependencies", () => {
  checkProperty(fc.property(drawnRun, (drawn) => {
    const run = new Run(drawn);
    assert.equal(run.results.size, drawn.steps.length);
    assert.equal(run.running.size, 0);
  }));
});

Deno.test("readySteps runs the ends always and last, unless the run stops or is called off", () => {
  checkProperty(fc.property(drawnRun, (drawn) => {
    const run = new Run({ ...drawn, strictStop: false, cancelAfter: Infinity });
    const isEnd = (name: string) => drawn.steps[Number(name.slice(1))]!.always;
    const ends = drawn.steps.flatMap(({ always }, i) => always ? [`s${i}`] : []);
    assert.deepEqual(run.begun.filter(isEnd).toSorted(), ends.toSorted());
    const ended = [...run.results.keys()];
    assert.ok(!ended.slice(ended.findIndex(isEnd)).some((name) => ends.length > 0 && !isEnd(name)));
  }));
});

Deno.test("defineWorkflow refuses every graph with a circle, and no other", () => {
  const graph = fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 8,
  });
  checkProperty(fc.property(graph, (needs) => {
    const known = needs.map((list, i) => list.filter((n) => n < needs.length && n !== i));
    const steps = known.map((list, i) => ({ name: `s${i}`, dependsOn: list.map((n) => `s${n}`) }));
    const reach = (from: number, seen = new Set<number>()): Set<number> => {
      for (const next of known[from]!) if (!seen.has(next)) reach(next, seen.add(next));
      return seen;
    };
    const define = () => defineWorkflow({ name: "w", steps });
    if (known.some((_, i) => reach(i).has(i))) assert.throws(define, InvalidRecordError);
    else assert.equal(define().steps.length, needs.length);
  }));
});

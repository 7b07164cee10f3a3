import assert from "node:assert/strict";
import {
  AVAILABLE,
  type FeatureProbe,
  unavailable,
} from "../../../../config/availability/feature_probe.ts";
import { allOf } from "../../../../config/availability/probes/all_of.ts";
import { reasonOf } from "./probe_runs.ts";

const yes: FeatureProbe = () => AVAILABLE;
const no: FeatureProbe = () => unavailable("no");
const later: FeatureProbe = async () => {
  await Promise.resolve();
  return unavailable("later");
};
const boom: FeatureProbe = () => {
  throw new TypeError("boom");
};
const junk: FeatureProbe = () => 1 as never;

Deno.test("allOf gives the reasons of all that fail, in their order", async () => {
  const cases: readonly [readonly FeatureProbe[], string | null][] = [
    [[], null],
    [[yes, yes], null],
    [[later, yes, no], "later; no"],
    [[boom, no], "TypeError: boom; no"],
    [[junk], "the probe answered with a value of type number instead of a result"],
    [[allOf(no, yes), allOf(later)], "no; later"],
  ];
  for (const [probes, expected] of cases) assert.equal(await reasonOf(allOf(...probes)), expected);
});

Deno.test("allOf hands the context on", async () => {
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const look: FeatureProbe = ({ signal }) => {
    seen = signal;
    return AVAILABLE;
  };
  await reasonOf(allOf(look), controller.signal);
  assert.equal(seen, controller.signal);
});

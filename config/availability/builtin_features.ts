import type { Feature } from "./feature.ts";
import { type FeatureProbe, unavailable } from "./feature_probe.ts";
import { allOf } from "./probes/all_of.ts";
import { commandProbe } from "./probes/command_probe.ts";
import { kvProbe } from "./probes/kv_probe.ts";
import { permissionProbe } from "./probes/permission_probe.ts";

/** The room that the three orchestration features live in is not there yet. */
const roomProbe: FeatureProbe = () =>
  unavailable("the test orchestration room is not part of this version of Baton");

const mayRun = permissionProbe({ name: "run" });

/** The features that every configuration begins with. */
export const BUILTIN_FEATURES: readonly Feature[] = [
  {
    name: "orchestrator",
    about: "runs tests by category",
    probe: allOf(roomProbe, mayRun),
  },
  {
    name: "master_orchestration",
    about: "drives layers of tests as one whole",
    probe: allOf(roomProbe, mayRun, kvProbe()),
  },
  {
    name: "background_e2e",
    about: "runs long tests in the background, across restarts",
    probe: allOf(roomProbe, mayRun, kvProbe()),
  },
  {
    name: "docker",
    about: "starts services in containers",
    probe: commandProbe("docker", {
      args: ["version", "--format", "{{.Server.Version}}"],
      needsOutput: true,
    }),
  },
];

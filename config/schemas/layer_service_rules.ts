import { canonicalServiceName } from "../../enums/canonical_service_name.ts";
import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import { findCycles } from "./find_cycles.ts";
import type { LayerService } from "./layer_services.ts";
import type { TestLayer } from "./test_layer.ts";

/** The part of a layers document that these rules read. */
interface HasServices {
  readonly layers: Readonly<Record<string, TestLayer>>;
  readonly service_dependencies: Readonly<Record<string, LayerService>>;
}

/** Whoever needs a service needs one that is described; an alias is as good as the name. */
export function layerServiceRules(document: HasServices): readonly SchemaFault[] {
  const { service_dependencies } = document;
  const known = Object.keys(service_dependencies);
  const described = new Set(known.map(sameFor));
  return [
    ...servicesNamed(document).flatMap(({ path, name, message }) =>
      described.has(sameFor(name)) ? [] : [{
        path,
        message,
        known,
        expected: "a service of service_dependencies",
      }]
    ),
    ...checkTwins(service_dependencies),
    ...checkCycles(service_dependencies),
  ];
}

type Services = HasServices["service_dependencies"];

interface NamedService {
  readonly path: ConfigPath;
  readonly name: string;
  readonly message: string;
}

function servicesNamed({ layers, service_dependencies }: HasServices): readonly NamedService[] {
  const listed = (names: readonly string[] | undefined, path: ConfigPath, message: string) =>
    (names ?? []).map((name, index) => ({ path: [...path, index], name, message }));
  const required = "an undefined service";
  return [
    ...Object.entries(layers).flatMap(([name, layer]) => [
      ...listed(layer.required_services, ["layers", name, "required_services"], required),
      ...Object.entries(layer.environment_overrides).flatMap(([environment, overrides]) =>
        listed(
          overrides.required_services,
          ["layers", name, "environment_overrides", environment, "required_services"],
          required,
        )
      ),
    ]),
    ...Object.entries(service_dependencies).flatMap(([name, { depends_on }]) =>
      listed(
        depends_on,
        ["service_dependencies", name, "depends_on"],
        "a service that depends on an undefined one",
      )
    ),
  ];
}

/** @returns What a name and its aliases have in common. */
function sameFor(name: string): string {
  return canonicalServiceName(name) ?? name;
}

function checkTwins(services: Services): readonly SchemaFault[] {
  const first = new Map<string, string>();
  return Object.keys(services).flatMap((name) => {
    const twin = first.get(sameFor(name));
    if (twin === undefined) first.set(sameFor(name), name);
    return twin === undefined ? [] : [{
      path: ["service_dependencies", name],
      message: `the same service as ${twin}`,
      expected: "each service once",
      isAboutKey: true,
    }];
  });
}

function checkCycles(services: Services): readonly SchemaFault[] {
  const needs = new Map(
    Object.entries(services).map(([name, { depends_on }]) => [
      sameFor(name),
      depends_on.map(sameFor),
    ]),
  );
  const writtenAs = new Map(Object.keys(services).map((name) => [sameFor(name), name]));
  const selfish = [...needs].filter(([name, others]) => others.includes(name)).map((
    [name],
  ) => [name]);
  return [...selfish, ...findCycles(needs)].map((cycle) => ({
    path: ["service_dependencies", writtenAs.get(cycle[0]!)!, "depends_on"],
    message: "services that depend on each other",
    got: [...cycle, cycle[0]!].map((name) => writtenAs.get(name)).join(" -> "),
    expected: "no circle",
  }));
}

import { type ConfigFault, formatPath } from "../config/files/config_fault.ts";
import { didYouMean } from "../config/files/did_you_mean.ts";
import { IssueSeverity } from "../enums/issue_severity.ts";
import {
  type AnyRecoveryDocument,
  isPoliciesDocument,
} from "../orchestration/recovery/compile_rules.ts";

/** What a recovery file is looked at with. */
export interface PolicySurroundings {
  /** The recovery file. */
  readonly file: string;
  /** The file that says what is watched; undefined for none. */
  readonly healthFile: string | undefined;
  /** The components that are watched; empty without such a file. */
  readonly components: readonly string[];
}

const NAMES_SHOWN = 10;
const ACTS_UPON_HEALTH = ["circuit_restart", "cache_purge"] as const;

/**
 * Finds components that a recovery file goes by and that nobody watches: its policies never act, and
 * its actions are never seen to help.
 *
 * @param document The recovery file.
 * @param surroundings What is watched.
 * @returns A warning for each.
 */
export function findUnwatched(
  document: AnyRecoveryDocument,
  { file, healthFile, components }: PolicySurroundings,
): readonly ConfigFault[] {
  return namedComponents(document).filter(({ name }) => !components.includes(name)).map(
    ({ path, name, follows }) => ({
      file,
      line: 0,
      column: 0,
      path: formatPath(path),
      severity: IssueSeverity.WARNING,
      message: healthFile === undefined
        ? `no component is watched without --health: ${follows}`
        : `no such component is watched${didYouMean(name, components)}: ${follows}`,
      got: JSON.stringify(name),
      expected: healthFile === undefined
        ? "--health FILE, with that component in it"
        : `one of ${healthFile}: ${listed(components)}`,
    }),
  );
}

interface NamedComponent {
  readonly path: readonly string[];
  readonly name: string;
  readonly follows: string;
}

function namedComponents(document: AnyRecoveryDocument): readonly NamedComponent[] {
  const policies = isPoliciesDocument(document) ? Object.entries(document.recovery_policies) : [];
  const watched = policies.flatMap(([policy, { component }]) =>
    component === null ? [] : [{
      path: ["recovery_policies", policy, "component"],
      name: component,
      follows: "this policy never acts by itself",
    }]
  );
  const verified = Object.entries(document.handlers).flatMap(([action, { verify }]) =>
    verify === null || !("component" in verify) ? [] : [{
      path: ["handlers", action, "verify", "component"],
      name: verify.component,
      follows: "this action is never seen to help, so it counts as failed",
    }]
  );
  return [...watched, ...verified];
}

/**
 * Finds restrictions to phases, which a coordinator cannot keep: it has no state machine, so there is
 * no phase, and nothing is held back.
 *
 * @param document The recovery file.
 * @param file Its path.
 * @returns A warning for each action that has some.
 */
export function findIdlePhases(
  document: AnyRecoveryDocument,
  file: string,
): readonly ConfigFault[] {
  if (!isPoliciesDocument(document)) return [];
  return Object.entries(document.recovery_actions).flatMap(
    ([action, { phase_restrictions: phases }]) =>
      phases === null || Object.keys(phases).length === 0 ? [] : [{
        file,
        line: 0,
        column: 0,
        path: formatPath(["recovery_actions", action, "phase_restrictions"]),
        severity: IssueSeverity.WARNING,
        message: "a coordinator knows no phases: this holds nothing back",
        got: listed(Object.keys(phases)),
        expected: "recovery in a program that gives a stateMachine",
      }],
  );
}

/**
 * Finds actions that a recovery file counts on and that nothing does in a coordinator.
 *
 * @param document The recovery file.
 * @param withoutHandler Actions of its policies that nothing does.
 * @returns Their names, sorted.
 */
export function findIdleActions(
  document: AnyRecoveryDocument,
  withoutHandler: readonly string[],
): readonly string[] {
  // Breakers and caches are a program's: what a coordinator does about them a file must declare.
  const byHealth = isPoliciesDocument(document)
    ? []
    : ACTS_UPON_HEALTH.filter((action) =>
      !Object.hasOwn(document.handlers, action) &&
      document.recovery_actions[action]?.enabled !== false
    );
  return [...new Set([...withoutHandler, ...byHealth])].sort();
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const more = names.length > NAMES_SHOWN ? `, and ${names.length - NAMES_SHOWN} more` : "";
  return names.slice(0, NAMES_SHOWN).join(", ") + more;
}

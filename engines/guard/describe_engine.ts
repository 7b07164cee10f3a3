import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { type DeprecatedEngineName, isDeprecatedEngine } from "./deprecated_engines.ts";
import { hasMethod, namesOf, prototypesOf, showEngine } from "./engine_names.ts";

/** A genuine engine, as it was seen. */
export interface GenuineEngine {
  /** Says that it is one. */
  readonly kind: "genuine";
  /** The engine. */
  readonly engine: UserExecutionEngine;
  /** Its context. */
  readonly context: UserExecutionContext;
}

/** What stands in the place of an engine, and is none. */
export type NoEngine =
  | {
    /** There is none. */
    readonly kind: "missing";
    /** `null` or `undefined`. */
    readonly found: string;
  }
  | {
    /** It is, or extends, an engine of a deprecated name. */
    readonly kind: "deprecated";
    /** That name. */
    readonly found: DeprecatedEngineName;
  }
  | {
    /** It calls itself UserExecutionEngine, and lacks methods of it. */
    readonly kind: "incomplete";
    /** Which, also by their names on the wire. */
    readonly found: string;
  }
  | {
    /** It is anything else. */
    readonly kind: "foreign";
    /** What, in a few words. */
    readonly found: string;
  };

const REQUIRED_METHODS: readonly (readonly [method: string, shown: string])[] = [
  ["executeAgent", "executeAgent (execute_agent)"],
  ["executePipeline", "executePipeline (execute_pipeline)"],
  ["cleanup", "cleanup"],
];

/**
 * Says what stands in the place of an engine. A genuine one is recognised by its brand alone; names and
 * shapes only choose the words for what is none. An engine's members cannot be replaced, so that it
 * stays what it was. Never throws, and runs no code of what it looks at.
 *
 * @param value Anything.
 * @returns What it is.
 */
export function describeEngine(value: unknown): GenuineEngine | NoEngine {
  if (value === null || value === undefined) return { kind: "missing", found: String(value) };
  if (!UserExecutionEngine.is(value)) return describeOther(value);
  return { kind: "genuine", engine: value, context: value.context };
}

function describeOther(value: unknown): NoEngine {
  const names = namesOf(value);
  const deprecated = names.find(isDeprecatedEngine);
  if (deprecated !== undefined) return { kind: "deprecated", found: deprecated };
  if (typeof value === "object" && claimsToBeOne(value, names)) {
    const missing = REQUIRED_METHODS.filter(([method]) => !hasMethod(value, method));
    if (missing.length > 0) {
      return { kind: "incomplete", found: missing.map(([, shown]) => shown).join(", ") };
    }
  }
  return { kind: "foreign", found: showEngine(value) };
}

function claimsToBeOne(value: unknown, names: readonly string[]): boolean {
  return names.includes("UserExecutionEngine") ||
    prototypesOf(value).includes(UserExecutionEngine.prototype);
}

import {
  AVAILABLE,
  type FeatureProbe,
  type ProbeContext,
  type ProbeResult,
  unavailable,
} from "./feature_probe.ts";

/**
 * Runs a probe to its end and makes a result of whatever comes out of it. Never rejects.
 *
 * @param probe The probe.
 * @param context What it gets.
 * @returns Its result; unavailable when it throws or answers with something that is no result.
 */
export async function settleProbe(
  probe: FeatureProbe,
  context: ProbeContext,
): Promise<ProbeResult> {
  try {
    return readResult(await probe(context));
  } catch (error) {
    return unavailable(describeThrown(error));
  }
}

/**
 * Unlike `describeError` it stands alone in a reason: it names the class of an error that has no name
 * of its own, and says of what is no error that it was thrown.
 *
 * @returns A text for whatever was thrown: `<Class>: <message>` for errors. Never throws itself.
 */
export function describeThrown(error: unknown): string {
  try {
    return error instanceof Error
      ? `${classOf(error)}: ${error.message}`
      : `thrown: ${String(error)}`;
  } catch {
    return `a thrown ${typeof error} that cannot be shown as text`;
  }
}

/** @returns The class of an error: many name it nowhere but in their declaration. */
function classOf(error: Error): string {
  return error.name === "Error" ? error.constructor.name || error.name : error.name;
}

/** @returns The message of whatever was thrown. Never throws itself. */
export function messageOf(error: unknown): string {
  try {
    if (error instanceof Error && error.message !== "") return String(error.message);
  } catch {
    // A hostile object; the other description knows what to do.
  }
  return describeThrown(error);
}

function readResult(answer: unknown): ProbeResult {
  if (typeof answer === "object" && answer !== null && "available" in answer) {
    if (answer.available === true) return AVAILABLE;
    if (answer.available === false) return unavailable(readReason(answer));
  }
  return unavailable(`the probe answered with ${nameOf(answer)} instead of a result`);
}

function readReason(answer: object): string {
  const reason = "reason" in answer ? answer.reason : undefined;
  return typeof reason === "string" && reason !== "" ? reason : "the probe gave no reason";
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  return `a value of type ${typeof value}`;
}

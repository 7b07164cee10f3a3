import { RECORD_VERSION, RecordFields } from "../record_fields.ts";

/** @returns The fields of a wire form, which says no version of its own. */
export function wireFields(key: Deno.KvKey, dict: unknown): RecordFields {
  const isRecord = typeof dict === "object" && dict !== null && !Array.isArray(dict);
  return new RecordFields(key, isRecord ? { ...dict, v: RECORD_VERSION } : dict);
}

import { getHeapStatistics } from "node:v8";

/** A measured value, or why there is none. */
export type Reading =
  | { readonly kind: "measured"; readonly value: number }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a machine and a process have left: the port between the monitor and the runtime. */
export interface ResourceReader {
  /** Share of the machine's memory that is in use, 0 to 1. */
  machineMemoryShare(): Reading;
  /** Share in use of the heap that this process may grow to, 0 to 1. */
  heapShare(): Reading;
  /** Load average of the last minute per core. */
  loadPerCore(): Reading;
  /** Memory of this process in bytes. */
  processMemoryBytes(): Reading;
}

/** This process and its machine. Never prompts: what is not permitted is unknown. */
export const systemResources: ResourceReader = {
  machineMemoryShare: () =>
    permitted("systemMemoryInfo", () => {
      const { total, available } = Deno.systemMemoryInfo();
      return measured(1 - available / total);
    }),
  heapShare() {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    return measured(used_heap_size / heap_size_limit);
  },
  loadPerCore() {
    if (Deno.build.os === "windows") return unknown("Windows has no load average");
    return permitted("loadavg", () => {
      const [lastMinute = NaN] = Deno.loadavg();
      return measured(lastMinute / navigator.hardwareConcurrency);
    });
  },
  processMemoryBytes: () => measured(Deno.memoryUsage().rss),
};

function permitted(kind: "systemMemoryInfo" | "loadavg", read: () => Reading): Reading {
  const { state } = Deno.permissions.querySync({ name: "sys", kind });
  if (state !== "granted") return unknown(`needs --allow-sys=${kind}`);
  try {
    return read();
  } catch (error) {
    return unknown(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function measured(value: number): Reading {
  return Number.isFinite(value) ? { kind: "measured", value } : unknown("no figure given");
}

function unknown(reason: string): Reading {
  return { kind: "unknown", reason };
}

import type { HostMessage } from "./worker_message.ts";

/** The side of a worker that its host sees. */
export interface WorkerPort {
  /** Tells the worker something. */
  postMessage(message: HostMessage): void;
  /** Hears what the worker says. */
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  /** Hears that the worker broke. */
  onerror: ((event: ErrorEvent) => void) | null;
  /** Hears that something came which cannot be read. */
  onmessageerror: ((event: MessageEvent) => void) | null;
  /** Ends the worker, whatever it does. */
  terminate(): void;
}

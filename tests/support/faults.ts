import type { Clock } from "../../clock.ts";

/** What happens to one call to the store instead of just being done. */
export type Fault = <T>(apply: () => Promise<T>) => Promise<T>;

/** Another process holds the lock of the file: nothing is done. */
export const locked: Fault = () => Promise.reject(new TypeError("database is locked"));

/** The disk is full: nothing is done. */
export const diskFull: Fault = () => Promise.reject(new TypeError("database or disk is full"));

/** The handle is closed: nothing is done. */
export const closed: Fault = () => Promise.reject(new Deno.errors.BadResource("Bad resource ID"));

/** The network fails before the request arrives: nothing is done. */
export const connectionRefused: Fault = () =>
  Promise.reject(new Error("error sending request: connection refused"));

/** It is done, and the answer is lost on the way. */
export const lostReply: Fault = async (apply) => {
  await apply();
  throw new Error("error reading response: connection reset");
};

/** It is done, the answer is lost, and the store's client sends it again: the second is refused. */
export const repeatedByClient: Fault = async (apply) => {
  await apply();
  return await apply();
};

/** It is not done, and there is never an answer. */
export const hang: Fault = () => new Promise(() => {});

/** It is done, after a while. */
export function slow(clock: Clock, ms: number): Fault {
  return async (apply) => {
    await clock.sleep(ms);
    return await apply();
  };
}

/** A call that waits until the test lets it go on. */
export interface HeldCall {
  /** The fault to inject. */
  readonly fault: Fault;
  /** Resolves when a call has been caught. */
  readonly caught: Promise<void>;
  /** Does the caught call now, and answers it if `answer` says so. */
  release(): Promise<void>;
}

/**
 * Catches a call before it is done.
 *
 * @param options Set `answer` to false for a zombie: done late, and never answered.
 */
export function heldCall(options: { readonly answer: boolean } = { answer: true }): HeldCall {
  const caught = Promise.withResolvers<void>();
  let apply: (() => Promise<unknown>) | undefined;
  const answer = Promise.withResolvers<unknown>();
  answer.promise.catch(() => {});
  return {
    fault: <T>(call: () => Promise<T>): Promise<T> => {
      apply = call;
      caught.resolve();
      return answer.promise as Promise<T>;
    },
    caught: caught.promise,
    async release() {
      if (!apply) throw new Error("no call was caught");
      try {
        const result = await apply();
        if (options.answer) answer.resolve(result);
      } catch (error) {
        if (options.answer) answer.reject(error);
        else throw error;
      }
    },
  };
}

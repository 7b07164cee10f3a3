/** @returns What a handle throws that is closed or dead. */
export function badResource(): Error {
  return new Deno.errors.BadResource("Bad resource ID");
}

/** @returns What a local client throws while another process holds the lock. */
export function databaseLocked(): Error {
  return new TypeError("database is locked");
}

/** @returns What a local client throws while its store is away. */
export function storeAway(): Error {
  return new TypeError("disk I/O error");
}

/** @returns What a client throws whose request did not arrive. */
export function requestLost(): Error {
  return new Error("error sending request: connection refused");
}

/** @returns What a client throws that got no reply. */
export function replyLost(): Error {
  return new Error("error reading response: connection reset");
}

/** @returns What a handle throws that is asked for a queue. */
export function noQueues(): TypeError {
  return new TypeError(
    "Enqueue operations are not supported in KV Connect, nor by a simulated store",
  );
}

/** @returns What the client of KV Connect makes of an error of the store: it gives it as text. */
export function connectError(error: Error): Error {
  return new Error(
    "KV Connect failed to call 'http://sim/v2/atomic_write' " +
      `(status=400 Bad Request): ${error.message}`,
    { cause: error },
  );
}

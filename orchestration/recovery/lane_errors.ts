/** A change of a lane was not stored, or nobody knows: the lane was read again. */
export class LaneMovedError extends Error {
  /** Tells this error from others. */
  override readonly name = "LaneMovedError";

  /** @param lane The lane. */
  constructor(lane: string) {
    super(`Cannot tell whether lane "${lane}" was changed: it was read again`);
  }
}

/** Work in a lane has ended: the term is over, or it was stopped. */
export class LaneOverError extends Error {
  /** Tells this error from others. */
  override readonly name = "LaneOverError";

  /** @param lane The lane. */
  constructor(lane: string) {
    super(`Cannot change lane "${lane}": the work in it has ended`);
  }
}

import { turnEventLoop } from "../../testing/sim_time.ts";

/** How a call stands at the moment. */
export class Outcome<T> {
  /** "pending", "done", or the error's name and message. */
  text = "pending";
  /** What it gave. */
  value: T | undefined;

  constructor(call: Promise<T>) {
    call.then((value) => {
      this.value = value;
      this.text = "done";
    }, (error) => this.text = `${error.name}: ${error.message}`);
  }
}

/** @returns How a call stands when everything that follows from it has happened. */
export async function outcomeOf<T>(call: Promise<T>): Promise<Outcome<T>> {
  const outcome = new Outcome(call);
  await turnEventLoop();
  return outcome;
}

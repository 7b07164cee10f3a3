import { showValue } from "../../enums/show_value.ts";
import { UserExecutionContext } from "./user_execution_context.ts";

/**
 * Makes sure that something is a genuine context: one that the constructor, `createChild` or
 * `fromDict` made. Neither a name, nor a shape, nor a prototype, nor a proxy of one passes.
 *
 * @param value Anything.
 * @returns It.
 * @throws {TypeError} when it is none.
 */
export function validateUserContext(value: unknown): UserExecutionContext {
  if (UserExecutionContext.is(value)) return value;
  throw new TypeError(`Expected UserExecutionContext, got ${showValue(value)}`);
}

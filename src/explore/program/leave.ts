/** How code is left in the middle: by an error that nobody handles. */

/** Thrown through code that is left; it passes everything and is never handled. */
export const LEAVE = new (class Leave {
  readonly message = "a task is left where it is and goes on later: let this pass"
})()

/** Whether an error comes from code being left, perhaps through a `using` or an aggregate. */
export function isLeave(error: unknown): boolean {
  if (error === LEAVE) return true
  if (error instanceof SuppressedError) return isLeave(error.error) || isLeave(error.suppressed)
  return error instanceof AggregateError && error.errors.some(isLeave)
}

/**
 * What a method of the runtime's own actors throws when its caller is at fault: the asker gets the
 * error, and the actor goes on.
 */

/** An error that does not end the actor that throws it. */
export class Refusal {
  readonly error: Error

  constructor(error: unknown) {
    this.error = error instanceof Error ? error : new Error(String(error))
  }
}

/** Does work whose failure, now or later, does not end the actor. */
export function refusing<R>(work: () => R): R {
  try {
    const result = work()
    return result instanceof Promise ? (result.catch(refuse) as R) : result
  } catch (error) {
    return refuse(error)
  }
}

function refuse(error: unknown): never {
  throw new Refusal(error)
}

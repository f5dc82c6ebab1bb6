/** What Python has raised, with both stacks: where it was raised, and where it is awaited. */
import { captureStack } from "#platform/context"
import { PYTHON_CALLERS_MAX } from "#platform/limits"
import { InterpreterEndedError, PythonError } from "../errors.ts"
import { CalledFrom } from "../internal/loop/called-from.ts"
import { setOwn } from "../internal/wire/codec-layouts.ts"
import { fromFailure } from "../internal/wire/failure.ts"
import { framesOf } from "../internal/wire/frames.ts"
import type { Tuple } from "./foreign.ts"

/** Where the code is that waits for Python. */
export interface Place {
  readonly stack?: string
}

/** The place of the code that calls `fn`, a function that waits for Python. */
export function placeOf(fn: (...args: never[]) => unknown): Place {
  const place: Place = {}
  captureStack(place, fn)
  return place
}

/** Places of calls, by the name that is called. */
const callers = new Map<string, CalledFrom>()

/** As `placeOf`, for a call of a name: of one that is called often, where an earlier call was. */
export function placeOfCall(name: string, fn: (...args: never[]) => unknown): Place {
  let from = callers.get(name)
  if (from === undefined) {
    if (callers.size === PYTHON_CALLERS_MAX) callers.clear()
    from = new CalledFrom()
    callers.set(name, from)
  }
  return from.note(fn)
}

/** The error for an exception of Python, described with its causes, one after the other. */
export function raisedIn([exception, ...causes]: readonly Tuple[]): PythonError {
  const [name, , , message, display] = exception.items as string[]
  const options = causes.length === 0 ? {} : { cause: raisedIn(causes) }
  return new PythonError(name, message, display ?? "", options)
}

/** What a call in Python rejects with, told by both sides; an error of another kind as it is. */
export function awaitedAt(error: unknown, place: Place): unknown {
  if (!(error instanceof PythonError || error instanceof InterpreterEndedError)) return error
  const awaitedStack = String(place.stack)
  if (error instanceof InterpreterEndedError) {
    setOwn(error, "stack", [String(error), ...framesOf(awaitedStack)].join("\n"), false)
    return error
  }
  const frames = framesOfPython(error.traceback)
  setOwn(error, "stack", [String(error), ...frames].join("\n"), false)
  return fromFailure({ thrown: error, origin: "Python" }, { awaitedStack })
}

/** The frames of the exception that a traceback ends with, the innermost first. */
function framesOfPython(traceback: string): string[] {
  const last = traceback.slice(traceback.lastIndexOf("Traceback (most recent call last):"))
  const frames = last.matchAll(/^ {2}File "(.*)", line (\d+), in (.*)$/gm)
  return [...frames].map(([, file, line, name]) => `    at ${name} (${file}:${line})`).reverse()
}

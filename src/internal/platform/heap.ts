/**
 * The engine's heap: how much of it is used, and asking to collect garbage.
 *
 * The engine sees a handle of a few bytes, not the shared memory behind it: a program that makes
 * and drops many handles would fill the shared memory long before its heap calls for a collection.
 *
 * The host's modules are asked for when they are needed: loading them is a tenth of an isolate's
 * own start.
 */

let collector: (() => void) | undefined

/** Bytes of this isolate's heap in use; costs about twenty microseconds. */
export function heapBytes(): number {
  return process.memoryUsage().heapUsed
}

/** Collects now; takes a few milliseconds in a small heap. Finalizers run in a later turn. */
export function collectGarbage(): void {
  collector ??= findCollector()
  collector()
}

/** The flag is the whole process's: another isolate may take it back between the two steps. */
function findCollector(): () => void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  const { runInNewContext } = process.getBuiltinModule("node:vm")
  let found: (() => void) | undefined
  while (found === undefined) {
    setFlagsFromString("--expose-gc")
    found = runInNewContext("globalThis.gc") as (() => void) | undefined
  }
  setFlagsFromString("--no-expose-gc")
  return found
}

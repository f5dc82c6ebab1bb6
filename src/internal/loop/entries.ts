/**
 * What isolates load beside their own code: the rooms that main has loaded, so that any can be met.
 */

const entries = new Set<string>()
const listeners: ((entry: string) => void)[] = []

/** Every isolate loads this file of the package, those that run already too. */
export function useEntry(entry: URL): void {
  if (entries.has(entry.href)) return
  entries.add(entry.href)
  for (const listener of listeners) listener(entry.href)
}

/** URLs of what is loaded everywhere, in order. */
export function allEntries(): string[] {
  return [...entries]
}

/** `listener` learns of every entry from now on. */
export function onEntry(listener: (entry: string) => void): void {
  listeners.push(listener)
}

/**
 * What isolates load beside their own code: the rooms that main has loaded, so that any can be met.
 */

import { isWhole } from "#platform/module"

const entries = new Set<string>()
/** What an isolate does that need not load the entry, because it has it already. */
const effects = new Map<string, () => void>()
const listeners: ((entry: string) => void)[] = []

/**
 * Every isolate loads this file of the package, those that run already too. `effect` is what the
 * file does there beside making its room known.
 */
export function useEntry(entry: URL, effect?: () => void): void {
  if (effect !== undefined) effects.set(entry.href, effect)
  if (entries.has(entry.href)) return
  entries.add(entry.href)
  for (const listener of listeners) listener(entry.href)
}

/** URLs of what is loaded everywhere, in order. */
export function allEntries(): string[] {
  return [...entries]
}

/** Loads an entry, unless it came with this file: then only its effect is missing. */
export async function loadEntry(entry: string): Promise<void> {
  if (isWhole && entries.has(entry)) effects.get(entry)?.()
  else await import(entry)
}

/** `listener` learns of every entry from now on. */
export function onEntry(listener: (entry: string) => void): void {
  listeners.push(listener)
}

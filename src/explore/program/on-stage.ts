/** Which program is explored now, and handles of its objects in messages, beside real ones. */
import { KIND } from "../../internal/memory/kinds.ts"
import { kindById, registerKind } from "../../internal/wire/shareable.ts"
import type { Theatre } from "./theatre.ts"

/** Handles of simulated objects have numbers that no real one reaches. */
export const FIRST_HANDLE: number = 2 ** 40

/** Who knows the objects that a program has made. */
export interface Hands {
  /** A handle leaves in a message. */
  retain(object: number): void
  /** The handle that arrives in a message. */
  revive(kind: number, object: number): object
}

/** Whose program runs now: handles that arrive are made by it. */
let onStage: { readonly theatre: Theatre; readonly hands: Hands } | undefined

const adopted = new Set<number>()

/** From here on messages carry simulated handles beside real ones. */
export function raise(theatre: Theatre, hands: Hands): void {
  onStage = { theatre, hands }
  for (const id of Object.values(KIND)) if (!adopted.has(id)) adopt(id)
}

/** The theatre of the program that runs now. */
export function present(): Theatre {
  if (onStage === undefined) throw new Error("no program is explored now")
  return onStage.theatre
}

/** Whether a program that is explored is calling. */
export function isExplored(): boolean {
  return onStage?.theatre.inside === true
}

/** No program runs. */
export function lower(): void {
  onStage = undefined
}

function adopt(id: number): void {
  const real = kindById(id)
  if (real === undefined) return
  adopted.add(id)
  const simulates = (handle: number): boolean => handle >= FIRST_HANDLE
  registerKind<object>({
    ...real,
    handleOf: (value) => {
      const number = real.handleOf(value)
      const own = number > 0 && number < FIRST_HANDLE && onStage?.theatre.inside === true
      return own ? FIRST_HANDLE + number : number
    },
    retain: (handle) => {
      if (simulates(handle)) onStage?.hands.retain(handle - FIRST_HANDLE)
      else real.retain(handle)
    },
    revive: (handle) =>
      simulates(handle)
        ? (onStage?.hands.revive(id, handle - FIRST_HANDLE) as object)
        : real.revive(handle),
    release: (handle) => {
      if (!simulates(handle)) real.release(handle)
    },
  })
}

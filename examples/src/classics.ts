/**
 * Explores well-known algorithms in all orders, and says which hold.
 *
 *   node --conditions=source examples/src/classics.ts
 */
import { ExploreFailure, explore } from "heddle/explore"
import { twoCount } from "./classics/locks.ts"
import { mailbox } from "./classics/mailbox.ts"
import { leftRight } from "./classics/snapshot.ts"
import { doubleChecked, naiveSemaphore } from "./classics/waiting.ts"

/** One algorithm, and what an exploration should say of it. */
export interface Classic {
  readonly name: string
  readonly program: () => Promise<void>
  /** Empty where it holds. */
  readonly finds: string
}

/** What is explored. */
export const CLASSICS: readonly Classic[] = [
  { name: "Peterson's lock", program: twoCount("peterson"), finds: "" },
  {
    name: "Peterson's, stores exchanged",
    program: twoCount("petersonExchanged"),
    finds: "data race",
  },
  { name: "Dekker's lock", program: twoCount("dekker"), finds: "" },
  { name: "Dekker's, both insist", program: twoCount("bothInsist"), finds: "livelock" },
  { name: "double-checked once", program: doubleChecked(false), finds: "" },
  { name: "double-checked once, flag first", program: doubleChecked(true), finds: "error" },
  { name: "left-right, one reader", program: leftRight(1, true), finds: "" },
  { name: "left-right, two readers", program: leftRight(2, true), finds: "" },
  { name: "left-right, without waiting", program: leftRight(1, false), finds: "data race" },
  { name: "semaphore that keeps a wake-up", program: naiveSemaphore(1), finds: "" },
  { name: "semaphore that loses it", program: naiveSemaphore(0), finds: "lost wake-up" },
  {
    name: "inbox, one mark: 2 senders",
    program: mailbox(["sender", "sender"], "one mark"),
    finds: "",
  },
  {
    name: "inbox, one mark: sender, receiver",
    program: mailbox(["sender", "receiver"], "one mark"),
    finds: "",
  },
  {
    name: "inbox, one mark: 2 senders, receiver",
    program: mailbox(["sender", "sender", "receiver"], "one mark"),
    finds: "",
  },
  {
    name: "inbox, one mark: 3 senders",
    program: mailbox(["sender", "sender", "sender"], "one mark"),
    finds: "",
  },
  {
    name: "inbox as published: 2 senders",
    program: mailbox(["sender", "sender"], "a mark for each length"),
    finds: "",
  },
  {
    name: "inbox as published: sender, receiver",
    program: mailbox(["sender", "receiver"], "a mark for each length"),
    finds: "error",
  },
  {
    name: "inbox as published: 3 senders",
    program: mailbox(["sender", "sender", "sender"], "a mark for each length"),
    finds: "error",
  },
  {
    name: "inbox as published: 2 senders, receiver",
    program: mailbox(["sender", "sender", "receiver"], "a mark for each length"),
    finds: "error",
  },
]

/** What exploring one came to. */
export interface Verdict {
  readonly finds: string
  readonly schedules: number
  readonly exhaustive: boolean
  readonly message: string
}

/** Explores one of them. */
export async function examine(
  { name, program }: Classic,
  schedulesMax = 200_000,
): Promise<Verdict> {
  try {
    const { schedules, exhaustive } = await explore(program, { name, schedulesMax })
    return { finds: "", schedules, exhaustive, message: "" }
  } catch (error) {
    if (!(error instanceof ExploreFailure)) throw error
    const { kind, schedules, message } = error
    return { finds: kind, schedules, exhaustive: false, message }
  }
}

if (import.meta.main) {
  for (const classic of CLASSICS) {
    const { finds, schedules, exhaustive } = await examine(classic)
    const holds = exhaustive ? "holds in all orders" : "holds as far as was searched"
    const verdict = finds === "" ? `${holds}: ${schedules}` : `${finds} in schedule ${schedules}`
    console.log(`${classic.name.padEnd(42)}${verdict}`)
  }
}

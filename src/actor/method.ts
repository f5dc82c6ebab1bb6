/**
 * Names of methods as numbers: a name is written once into shared memory by each isolate that sends
 * it, and its place is its number everywhere.
 *
 * Bound   a block per name and isolate that sends it: the names in the program
 */
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import { acquire, here } from "../internal/loop/here.ts"

/** A message of a function actor: no method is called. */
export const PLAIN = 0
/** The first message of a life: begin. */
export const START = -1
/** Please exit once the message in hand is done. */
export const STOP = -2
/** Exit now. */
export const KILL = -3
/** Somebody linked has exited. */
export const LINKED_EXIT = -4

const numbers = new Map<string, number>()
const names = new Map<number, string>()

/** The number of a method's name. */
export function numberOf(name: string): number {
  let number = numbers.get(name)
  if (number === undefined) {
    number = acquire(here(), CELL_WORDS * 4)
    const tag = cells().prepare(name, "method")
    cells().put(number, tag, name)
    numbers.set(name, number)
  }
  return number
}

/** The name with a number. */
export function nameOf(number: number): string {
  let name = names.get(number)
  if (name === undefined) {
    name = cells().look(number) as string
    names.set(number, name)
  }
  return name
}

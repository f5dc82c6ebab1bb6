/**
 * A schedule as text: runs of steps of one thread, deaths and expiries.
 *
 * `0x3-1-0k-1x2` reads: three steps of thread 0, one of thread 1, thread 0 is killed, two steps of
 * 1; `0t` is a wait of thread 0 that will time out.
 */
import { type Choice, choiceOf, processOf, variantOf } from "./strategy.ts"

/** By variant. */
const SUFFIXES = ["", "t", "k"]

/** Prints choices. */
export function print(choices: readonly Choice[]): string {
  const parts: string[] = []
  for (let i = 0; i < choices.length; ) {
    const choice = choices[i]
    let run = 1
    while (choices[i + run] === choice) run++
    const name = `${processOf(choice)}${SUFFIXES[variantOf(choice)]}`
    parts.push(run === 1 ? name : `${name}x${run}`)
    i += run
  }
  return parts.join("-")
}

/** Reads what `print` has written; throws a RangeError when it has not. */
export function parse(text: string): Choice[] {
  const choices: Choice[] = []
  for (const part of text === "" ? [] : text.split("-")) {
    const found = /^(\d{1,2})([tk]?)(?:x(\d{1,5}))?$/.exec(part)
    if (found === null) throw new RangeError(`not a schedule: ${part} in ${text}`)
    const choice = choiceOf(Number(found[1]), SUFFIXES.indexOf(found[2]))
    for (let i = Number(found[3] ?? 1); i > 0; i--) choices.push(choice)
  }
  return choices
}

/**
 * How often a thread's turn was taken by another: steps of another thread between two of its own.
 */
export function switches(choices: readonly Choice[]): number {
  let count = 0
  for (let i = 1; i < choices.length; i++) {
    if (processOf(choices[i]) !== processOf(choices[i - 1])) count++
  }
  return count
}

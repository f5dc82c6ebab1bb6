/** Which of several actors a message goes to: pure functions of what is known of them now. */

/** How messages are spread. */
export type Route = "round-robin" | "least-loaded" | "random" | "hash"

/** All of them, the default first. */
export const ROUTES: readonly Route[] = ["round-robin", "least-loaded", "random", "hash"]

/** `running`: takes messages now; `down`: they wait until it is restarted; `gone`: for good. */
export type Standing = "running" | "down" | "gone"

/** The actors, as their counters show them now; only what a rule asks for is read. */
export interface Candidates {
  readonly size: number
  standing(index: number): Standing
  /** Messages that wait, and the one in hand. */
  load(index: number): number
}

/**
 * The index of the actor that a message without a key goes to: one that runs, else one that will be
 * restarted, else any. `turn` is a whole number: it counts the messages, or is chance.
 */
export function choose(
  route: "round-robin" | "least-loaded",
  candidates: Candidates,
  turn: number,
): number {
  const pick = route === "round-robin" ? firstOf : leastLoadedOf
  const running = pick(candidates, turn, "running")
  if (running >= 0) return running
  return Math.max(0, pick(candidates, turn, "down"))
}

function firstOf(candidates: Candidates, turn: number, standing: Standing): number {
  const { size } = candidates
  for (let i = 0; i < size; i++) {
    const index = (turn + i) % size
    if (candidates.standing(index) === standing) return index
  }
  return -1
}

/** Begins at another one each turn, so that equals share. */
function leastLoadedOf(candidates: Candidates, turn: number, standing: Standing): number {
  const { size } = candidates
  let best = -1
  let least = Infinity
  for (let i = 0; i < size && least > 0; i++) {
    const index = (turn + i) % size
    if (candidates.standing(index) !== standing) continue
    const load = candidates.load(index)
    if (load >= least) continue
    best = index
    least = load
  }
  return best
}

/**
 * The index of the actor with the highest weight for a key among those that are not gone: when one
 * is gone, or there is one more, only its own keys change places (rendezvous hashing, Thaler and
 * Ravishankar).
 */
export function chooseByKey(key: number, candidates: Candidates): number {
  let best = 0
  let highest = -1
  for (let i = 0; i < candidates.size; i++) {
    if (candidates.standing(i) === "gone") continue
    const weight = scramble(key ^ Math.imul(i + 1, 0x9e3779b1))
    if (weight <= highest) continue
    best = i
    highest = weight
  }
  return best
}

/**
 * A key as a number of 32 bits, the same in every isolate and process.
 *
 * @throws {TypeError} when it is neither a string, a number, a bigint nor a boolean
 */
export function hashKey(key: unknown): number {
  switch (typeof key) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return hashText(String(key))
    default:
      throw new TypeError(`a key is a string, number, bigint or boolean, not ${describe(key)}`)
  }
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** The finalizer of MurmurHash3, as a number from 0. */
function scramble(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

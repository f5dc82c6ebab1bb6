/**
 * What receivers of a channel have taken and not acknowledged: a chain of claims, in the order of
 * taking, changed inside the guard of the channel's reading side.
 *
 * ```
 * list    FIRST, LAST
 * claim   LATER, OWNER (token), POSITION of the message in the ring, then the message
 * ```
 * Invariant     a message lies in the ring or in one claim that counts. A claim counts once the
 *               reading position has passed it: dying before that leaves a claim that does not,
 *               last in the chain. No claim of a living isolate stands behind LAST
 * Publication   plain words; leaving the guard publishes, entering receives
 * Death         LAST is moved back before a link is cut and moved on after one is made: what stands
 *               behind it does not count, or was being acknowledged; `inherit` moves it on again
 * Explored by   test/internal/queue/claims.model.ts
 */
import { read, type Words, write } from "#platform/atomics"
import { isAlive } from "../memory/owners.ts"

const FIRST = 0
const LAST = 1

const LATER = 0
const OWNER = 1
const POSITION = 2

/** Words of a claim before its message. */
export const CLAIM_WORDS = 4

/** Lists a claim of the message at `position`, which is the next to be taken. */
export function append(
  words: Words,
  list: number,
  claim: number,
  position: number,
  me: number,
): void {
  write(words, claim + LATER, 0)
  write(words, claim + OWNER, me)
  write(words, claim + POSITION, position)
  const before = read(words, list + LAST)
  if (before !== 0 && read(words, before + POSITION) === position) unlink(words, list, before)
  const last = read(words, list + LAST)
  write(words, last === 0 ? list + FIRST : last + LATER, claim)
  write(words, list + LAST, claim)
}

/**
 * The first claim of a dead isolate, now `me`'s; 0 when there is none. `passed` is the reading
 * position: what it has passed counts.
 */
export function inherit(words: Words, list: number, passed: number, me: number): number {
  const last = read(words, list + LAST)
  let isBehind = last === 0
  let claim = read(words, list + FIRST)
  for (; claim !== 0; claim = read(words, claim + LATER)) {
    if (counts(words, claim, passed) && !isAlive(words, read(words, claim + OWNER))) break
    if (claim === last) isBehind = true
  }
  if (claim === 0) return 0
  if (isBehind) write(words, list + LAST, claim)
  write(words, claim + OWNER, me)
  return claim
}

/** Takes a claim out of the chain. */
export function unlink(words: Words, list: number, claim: number): void {
  let before = 0
  let at = read(words, list + FIRST)
  while (at !== claim && at !== 0) {
    before = at
    at = read(words, at + LATER)
  }
  if (read(words, list + LAST) === claim) write(words, list + LAST, before)
  write(words, before === 0 ? list + FIRST : before + LATER, read(words, claim + LATER))
}

/** Whether there is any claim, whether it counts or not. */
export function hasClaims(words: Words, list: number): boolean {
  return read(words, list + FIRST) !== 0
}

/** Whether somebody else than `me` has a claim. */
export function othersClaim(words: Words, list: number, me: number): boolean {
  for (let at = read(words, list + FIRST); at !== 0; at = read(words, at + LATER))
    if (read(words, at + OWNER) !== me) return true
  return false
}

/** Calls `visit` with every claim and whether it counts; `visit` may free it. */
export function forEachClaim(
  words: Words,
  list: number,
  passed: number,
  visit: (claim: number, isCounted: boolean) => void,
): void {
  for (let claim = read(words, list + FIRST); claim !== 0; ) {
    const later = read(words, claim + LATER)
    visit(claim, counts(words, claim, passed))
    claim = later
  }
}

function counts(words: Words, claim: number, passed: number): boolean {
  return ((passed - read(words, claim + POSITION)) | 0) > 0
}

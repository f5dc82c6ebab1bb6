/**
 * The mailbox of an actor: chains of message records in the actor's shared object. Anybody posts;
 * the isolate where the actor lives, its *home*, takes.
 *
 * ```
 * object   GUARD; FIRST, LAST, COUNT: messages as they were posted; HAND, TAIL, HELD: messages the
 *          home has drawn, older than those; CURRENT: the message taken last, negative once its
 *          method was entered; HANDLED: begun so far; URGENT: the system lane, which goes first;
 *          HOME: token of its home, and after an exit of who tells of it or makes it GONE, until
 *          everybody was told; TOLD, PLACE;
 *          STATE; CAPACITY; LIFE: how often it was started; WATCHERS: see watchers.ts
 * record   NEXT, STATE, HOLDER: token of the isolate that took it. While `postOnce` puts it into
 *          the system lane, STATE names the word that says so, as a negative number
 * ```
 * The home draws all that was posted at once, and takes from its hand without the guard; what it
 * posts to its own actors it puts there. An EXACT mailbox has no hand: of one that drops its oldest
 * message, or whose actor chooses, each is taken by itself.
 *
 * The object itself is the node that tells its home: it is in one inbox at most, that of PLACE.
 * TOLD is 0, or the token of whoever told; who finds it in its inbox clears it, and passes it on
 * when it lives elsewhere by now. A home that posts to its own actor needs no telling.
 *
 * Invariant     COUNT = length of the chain from FIRST, HELD = that from HAND; their sum is at most
 *               CAPACITY, and one post more when the home posts to its own actor at that moment
 * Invariant     HAND, HELD, HANDLED and CURRENT are written by the home while it lives
 * Invariant     the object is put into an inbox only inside the guard, when TOLD is 0, with TOLD
 *               set before
 * Publication   the records' words are plain; leaving the guard publishes, entering receives. What
 *               the home does without the guard is published by its end
 * Death         FIRST, HAND, URGENT and NEXT are the truth: the next who enters counts again. A
 *               record is marked as taken, and named by CURRENT, before it leaves its chain, so
 *               one that is in both is queued; so is one whose method was not entered. Who dies
 *               between TOLD and telling is found by the home after the death: `heal`. The home's
 *               own death: `orphan`
 * Explored by   test/internal/queue/mailbox.model.ts, mailbox-start.model.ts, forsaken.model.ts
 */
import { load, peek, poke, read, store, type Words, write } from "#platform/atomics"
import { enter, leave } from "../memory/guard.ts"
import { BODY, SPARE } from "../memory/objects.ts"
import { isAlive } from "../memory/owners.ts"
import { contains, NEXT, put } from "./inbox.ts"

const TAIL = SPARE
const GUARD = BODY
const FIRST = BODY + 1
const LAST = BODY + 2
const COUNT = BODY + 3
const HAND = BODY + 4
const HELD = BODY + 5
const HANDLED = BODY + 6
const URGENT = BODY + 7
const CURRENT = BODY + 8
const HOME = BODY + 9
const TOLD = BODY + 10
const STATE = BODY + 11
const CAPACITY = BODY + 12
const LIFE = BODY + 13
const PLACE = BODY + 14

/** First block of the chain of who learns of exits: see watchers.ts. */
export const WATCHERS: number = BODY + 15

/** First word after the mailbox. */
export const MAILBOX_END: number = BODY + 16

/** It is being started, or runs. */
export const LIVES = 0
/** It has exited, and may be started again: messages wait. */
export const DOWN = 1
/** It has exited for good. */
export const GONE = 2

const STATE_MASK = 3
/** Flag of a mailbox whose home takes each message by itself. */
export const EXACT = 4
/** First bit of the flags that its room uses. */
export const FLAGS_SHIFT = 3

/** Word of a record: QUEUED, TAKEN by HOLDER, or what its room makes of it after that. */
export const RECORD_STATE = 2
/** Word of a record: who took it. */
export const RECORD_HOLDER = 3
export const QUEUED = 0
export const TAKEN = 1

/** What `post` answers when nothing was posted. */
export const CLOSED = -1
export const FULL = -2
/** What `postOnce` answers when it was posted before. */
export const SAID = -5
/** What `settle` answers while the end of the life before is being told. */
export const TELLING = -3
/** What `settle` answers when the isolate that was to be its home has died. */
export const HOMELESS = -4

/** Makes a fresh object's words a mailbox; its maker is its home, and it is not started yet. */
export function found(
  words: Words,
  object: number,
  capacity: number,
  flags: number,
  me: number,
): void {
  write(words, object + CAPACITY, capacity)
  write(words, object + STATE, DOWN | flags)
  write(words, object + HOME, me)
}

/** Its first life begins here, before anybody else knows it. */
export function foundAlive(words: Words, object: number): void {
  write(words, object + LIFE, 1)
  write(words, object + STATE, read(words, object + STATE) & ~STATE_MASK)
}

/** Enters the guard of a mailbox; puts in order what who died inside has left. */
export function enterBox(words: Words, object: number, me: number): void {
  if (enter(words, object + GUARD, me)) repair(words, object)
}

/** Leaves it. */
export function leaveBox(words: Words, object: number, me: number): void {
  leave(words, object + GUARD, me)
}

function repair(words: Words, object: number): void {
  notePosted(words, object)
  let count = 0
  let last = 0
  for (let at = read(words, object + FIRST); at !== 0; at = read(words, at + NEXT)) {
    last = at
    count++
  }
  write(words, object + LAST, last)
  poke(words, object + COUNT, count)
}

/** Who died inside `postOnce` may have posted without saying so. */
function notePosted(words: Words, object: number): void {
  for (let at = read(words, object + URGENT); at !== 0; at = read(words, at + NEXT)) {
    const said = -peek(words, at + RECORD_STATE)
    if (said <= 0) continue
    poke(words, said, peek(words, said + 1))
    poke(words, at + RECORD_STATE, QUEUED)
  }
}

function stateOf(words: Words, object: number): number {
  return read(words, object + STATE) & STATE_MASK
}

function setState(words: Words, object: number, state: number): void {
  poke(words, object + STATE, (read(words, object + STATE) & ~STATE_MASK) | state)
}

/**
 * Puts the object into its home's inbox unless it is there; the token to ring, or 0. The caller's
 * own token: it is the home, and looks without being told.
 */
function tellHome(words: Words, object: number, me: number): number {
  const home = read(words, object + HOME)
  if (stateOf(words, object) !== LIVES) return 0
  return home === me ? me : tellAt(words, object, home, me)
}

function tellAt(words: Words, object: number, home: number, me: number): number {
  if (read(words, object + TOLD) !== 0 || !isAlive(words, home)) return 0
  // In this order: who dies between the two has told nobody.
  poke(words, object + PLACE, home)
  poke(words, object + TOLD, me)
  return put(words, home, object, object) ? home : 0
}

/**
 * Posts a chain of `count` messages, all or none. The token of an isolate to ring, 0 when none
 * needs it, the caller's own when the actor lives with it; CLOSED or FULL.
 */
export function post(
  words: Words,
  object: number,
  first: number,
  last: number,
  count: number,
  me: number,
): number {
  enterBox(words, object, me)
  let answer = CLOSED
  if (stateOf(words, object) !== GONE) {
    if (depthHint(words, object) + count > read(words, object + CAPACITY)) answer = FULL
    else {
      append(words, object, first, last, count)
      answer = tellHome(words, object, me)
    }
  }
  leaveBox(words, object, me)
  return answer
}

function append(words: Words, object: number, first: number, last: number, count: number): void {
  write(words, last + NEXT, 0)
  if (read(words, object + FIRST) === 0) poke(words, object + FIRST, first)
  else write(words, read(words, object + LAST) + NEXT, first)
  write(words, object + LAST, last)
  poke(words, object + COUNT, peek(words, object + COUNT) + count)
}

/** Whether the home posts by `postOwn`: there is room, and nothing that it would overtake. */
export function takesOwn(words: Words, object: number): boolean {
  return (
    peek(words, object + FIRST) === 0 &&
    (read(words, object + STATE) & EXACT) === 0 &&
    peek(words, object + HELD) < read(words, object + CAPACITY)
  )
}

/** The home posts a message to an actor of its own. */
export function postOwn(words: Words, object: number, record: number): void {
  write(words, record + NEXT, 0)
  if (peek(words, object + HAND) === 0) poke(words, object + HAND, record)
  else write(words, read(words, object + TAIL) + NEXT, record)
  write(words, object + TAIL, record)
  poke(words, object + HELD, peek(words, object + HELD) + 1)
}

/** Posts to the system lane, which is never full. As `post`. */
export function postUrgent(words: Words, object: number, record: number, me: number): number {
  enterBox(words, object, me)
  let answer = CLOSED
  if (stateOf(words, object) === LIVES) {
    appendUrgent(words, object, record)
    answer = tellHome(words, object, me)
  }
  leaveBox(words, object, me)
  return answer
}

/**
 * As `postUrgent`, once, whoever dies: the word `said` is `what` afterwards, and nothing was posted
 * if it was that before, or more. An actor that does not live has missed it. `record` 0: says so
 * without posting. The word after `said` is used meanwhile. CLOSED when nothing was posted, SAID
 * when that is why.
 */
export function postOnce(
  words: Words,
  object: number,
  record: number,
  said: number,
  what: number,
  me: number,
): number {
  enterBox(words, object, me)
  let answer = peek(words, said) >= what ? SAID : CLOSED
  if (answer === CLOSED && record !== 0 && stateOf(words, object) === LIVES) {
    // In this order: who dies from here on has posted it or not, and whoever enters next finds out.
    poke(words, said + 1, what)
    poke(words, record + RECORD_STATE, -said)
    appendUrgent(words, object, record)
    poke(words, said, what)
    poke(words, record + RECORD_STATE, QUEUED)
    answer = tellHome(words, object, me)
  } else if (answer === CLOSED) poke(words, said, what)
  leaveBox(words, object, me)
  return answer
}

function appendUrgent(words: Words, object: number, record: number): void {
  write(words, record + NEXT, 0)
  let last = read(words, object + URGENT)
  if (last === 0) {
    poke(words, object + URGENT, record)
    return
  }
  while (read(words, last + NEXT) !== 0) last = read(words, last + NEXT)
  write(words, last + NEXT, record)
}

function mark(words: Words, record: number, me: number): void {
  poke(words, record + RECORD_HOLDER, me)
  poke(words, record + RECORD_STATE, TAKEN)
}

function unmark(words: Words, record: number): void {
  poke(words, record + RECORD_HOLDER, 0)
  poke(words, record + RECORD_STATE, QUEUED)
}

function popUrgent(words: Words, object: number, me: number): number {
  const record = read(words, object + URGENT)
  if (record === 0) return 0
  mark(words, record, me)
  poke(words, object + URGENT, read(words, record + NEXT))
  return record
}

/** Takes a message out of its chain; `before` is the one in front of it, or 0. */
function unlink(words: Words, object: number, before: number, record: number): void {
  const next = read(words, record + NEXT)
  if (before === 0) poke(words, object + FIRST, next)
  else write(words, before + NEXT, next)
  if (next === 0) write(words, object + LAST, before)
  poke(words, object + COUNT, peek(words, object + COUNT) - 1)
}

function begin(words: Words, object: number, record: number, me: number): void {
  mark(words, record, me)
  poke(words, object + CURRENT, record)
  poke(words, object + HANDLED, peek(words, object + HANDLED) + 1)
}

/**
 * The object was in this isolate's inbox. A token to ring when it lives elsewhere by now, else 0.
 */
export function arrived(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  poke(words, object + TOLD, 0)
  const isHere = read(words, object + HOME) === me
  const token = isHere ? 0 : tellHome(words, object, me)
  if (isHere && stateOf(words, object) === LIVES) draw(words, object)
  leaveBox(words, object, me)
  return token
}

/** Inside the guard: what was posted is in the home's hand, when that is empty. */
function draw(words: Words, object: number): void {
  if ((read(words, object + STATE) & EXACT) !== 0 || peek(words, object + HAND) !== 0) return
  poke(words, object + HAND, read(words, object + FIRST))
  poke(words, object + HELD, peek(words, object + COUNT))
  write(words, object + TAIL, read(words, object + LAST))
  poke(words, object + FIRST, 0)
  write(words, object + LAST, 0)
  poke(words, object + COUNT, 0)
}

/** The home takes the next message, 0 when there is none; of an EXACT one: `takeExact`. */
export function take(words: Words, object: number, me: number): number {
  if (peek(words, object + HAND) === 0) {
    if (peek(words, object + FIRST) === 0) return 0
    if ((read(words, object + STATE) & EXACT) !== 0) return takeExact(words, object, me)
    enterBox(words, object, me)
    draw(words, object)
    leaveBox(words, object, me)
  }
  const record = peek(words, object + HAND)
  begin(words, object, record, me)
  poke(words, object + HAND, read(words, record + NEXT))
  poke(words, object + HELD, peek(words, object + HELD) - 1)
  return record
}

function takeExact(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = read(words, object + FIRST)
  if (record !== 0) {
    begin(words, object, record, me)
    unlink(words, object, 0, record)
  }
  leaveBox(words, object, me)
  return record
}

/** Whether something lies in the system lane: the home sees what it was told of. */
export function isUrgent(words: Words, object: number): boolean {
  return peek(words, object + URGENT) !== 0
}

/** The home takes the next record of the system lane; 0 when there is none. */
export function takeUrgent(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = read(words, object + HOME) === me ? popUrgent(words, object, me) : 0
  leaveBox(words, object, me)
  return record
}

/**
 * Of an EXACT mailbox: the message after `record`, or the first for 0; 0 at the end. `stays`: only
 * the home takes messages out of it, and `record` is there.
 */
export function following(
  words: Words,
  object: number,
  record: number,
  me: number,
  stays = false,
): number {
  enterBox(words, object, me)
  let found = stays && record !== 0 ? record : read(words, object + FIRST)
  if (record !== 0) {
    while (found !== 0 && found !== record) found = read(words, found + NEXT)
    if (found !== 0) found = read(words, found + NEXT)
  }
  leaveBox(words, object, me)
  return found
}

/**
 * The home takes one message of an EXACT mailbox wherever it stands: the one before it, or 0; -1
 * when it is gone. `before`: one that is there, and was before it a moment ago, or 0.
 */
export function takeThis(
  words: Words,
  object: number,
  record: number,
  me: number,
  before = 0,
): number {
  enterBox(words, object, me)
  let last = before !== 0 && read(words, before + NEXT) === record ? before : 0
  let at = last === 0 ? read(words, object + FIRST) : record
  while (at !== 0 && at !== record) {
    last = at
    at = read(words, at + NEXT)
  }
  if (at !== 0) {
    begin(words, object, record, me)
    unlink(words, object, last, record)
  }
  leaveBox(words, object, me)
  return at === 0 ? -1 : last
}

/**
 * The message taken last is handled from here on: if its isolate dies, it was in hand. Called just
 * before its method is; until then it waits for the next life.
 */
export function enterCurrent(words: Words, object: number, record: number): void {
  poke(words, object + CURRENT, -record)
}

/** The message taken last is done with; called before anybody is told of its outcome. */
export function finishCurrent(words: Words, object: number): void {
  poke(words, object + CURRENT, 0)
}

/**
 * Whether somebody may wait for room, once the home has taken `taken` messages in a row; it need
 * not look otherwise. Who found it full has seen CAPACITY in COUNT and HELD together. While each
 * row and what is left of the hand are less than half of that, COUNT was more than half: all that
 * waits to be drawn, and is a longer row then.
 */
export function mayBeFull(words: Words, object: number, taken: number): boolean {
  const isExact = (read(words, object + STATE) & EXACT) !== 0
  return isExact || 2 * (taken + peek(words, object + HELD)) >= read(words, object + CAPACITY)
}

/** The home has taken messages, and looks for senders that wait for room next. */
export function showRoom(words: Words, object: number): void {
  // Pairs with a sender that stands in line and then looks at HELD: one of the two sees the other.
  store(words, object + HELD, peek(words, object + HELD))
}

/** Takes the oldest message out, for whoever drops it; 0 when there is none. */
export function dropOldest(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = popFirst(words, object, me)
  leaveBox(words, object, me)
  return record
}

function popFirst(words: Words, object: number, me: number): number {
  const record = read(words, object + FIRST)
  if (record === 0) return 0
  mark(words, record, me)
  unlink(words, object, 0, record)
  return record
}

/** Whether both lanes of a mailbox without a home are empty: a hint. */
export function isEmpty(words: Words, object: number): boolean {
  return peek(words, object + URGENT) === 0 && peek(words, object + FIRST) === 0
}

/** Takes any record out of a mailbox that is GONE; 0 when both lanes are empty. */
export function drain(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = popUrgent(words, object, me) || popFirst(words, object, me)
  leaveBox(words, object, me)
  return record
}

/**
 * Takes a record out of the system lane of an actor that is down: it was meant for the life before.
 */
export function drainUrgent(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = stateOf(words, object) === LIVES ? 0 : popUrgent(words, object, me)
  leaveBox(words, object, me)
  return record
}

/** The home is to have another turn for what is left. A token to ring, or 0. */
export function retell(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const lives = stateOf(words, object) === LIVES
  const token = lives ? tellAt(words, object, read(words, object + HOME), me) : 0
  leaveBox(words, object, me)
  return token
}

/**
 * Starts the next life of an actor that is DOWN: `home` finds `record` in the system lane. As
 * `post`; or TELLING, or HOMELESS.
 */
export function settle(
  words: Words,
  object: number,
  home: number,
  record: number,
  me: number,
): number {
  enterBox(words, object, me)
  let answer = CLOSED
  const isNew = peek(words, object + LIFE) === 0
  if (stateOf(words, object) === DOWN && !isNew && read(words, object + HOME) !== 0)
    answer = TELLING
  else if (stateOf(words, object) === DOWN) {
    const before = read(words, object + HOME)
    // Pairs with burying the home, then `concerns`: one of the two sees the other.
    store(words, object + HOME, home)
    if (isAlive(words, home)) {
      poke(words, object + LIFE, peek(words, object + LIFE) + 1)
      poke(words, object + CURRENT, 0)
      appendUrgent(words, object, record)
      setState(words, object, LIVES)
      answer = tellAt(words, object, home, me)
    } else {
      poke(words, object + HOME, before)
      answer = HOMELESS
    }
  }
  leaveBox(words, object, me)
  return answer
}

/**
 * The actor has exited from this life: it is DOWN, or GONE. False when that life is over already.
 * What it had in hand waits in front.
 */
export function close(
  words: Words,
  object: number,
  life: number,
  state: number,
  me: number,
): boolean {
  enterBox(words, object, me)
  const isIts = peek(words, object + LIFE) === life && stateOf(words, object) !== GONE
  if (isIts) {
    setState(words, object, state)
    putHandBack(words, object)
  }
  leaveBox(words, object, me)
  return isIts
}

/**
 * Everybody was told of the end of that life: `starter`, if any, may start the next. True when that
 * one has died: the caller, and nobody else, makes the actor GONE. Nothing happens when somebody
 * else has claimed that.
 */
export function vacate(
  words: Words,
  object: number,
  life: number,
  me: number,
  starter = 0,
): boolean {
  enterBox(words, object, me)
  const isLife = peek(words, object + LIFE) === life && stateOf(words, object) !== LIVES
  const isMine = isLife && read(words, object + HOME) === me
  // Pairs with burying the starter, then `claim`: one of the two sees the other.
  const isLeft = isMine && starter !== 0 && !isAlive(words, starter)
  if (isMine && !isLeft) poke(words, object + HOME, 0)
  leaveBox(words, object, me)
  return isLeft
}

/**
 * The caller is to make an actor GONE that is DOWN: should it die, main does that. False, and
 * nothing happens, when it is not; unless it is `mine` to say so, when somebody tells of its exit.
 */
export function claim(words: Words, object: number, me: number, mine: boolean): boolean {
  enterBox(words, object, me)
  const home = read(words, object + HOME)
  const isFree = mine || home === 0 || home === me || !isAlive(words, home)
  const isClaimed = isFree && stateOf(words, object) === DOWN
  if (isClaimed) poke(words, object + HOME, me)
  leaveBox(words, object, me)
  return isClaimed
}

/** Inside the guard, by who was its home or after its death: the hand goes in front of the rest. */
function putHandBack(words: Words, object: number): void {
  const hand = peek(words, object + HAND)
  const first = read(words, object + FIRST)
  if (hand !== 0 && hand !== first) {
    unmark(words, hand)
    let last = hand
    for (let at = hand; at !== 0 && at !== first; at = read(words, at + NEXT)) last = at
    write(words, last + NEXT, first)
    poke(words, object + FIRST, hand)
  }
  poke(words, object + HAND, 0)
  poke(words, object + HELD, 0)
  repair(words, object)
}

/**
 * An isolate has died. When the actor lived there, or its exit was being told there, it lives
 * nowhere now, and the caller tells; the message it was handling is in front again when
 * `redeliver`. The state it was in, -1 when it has another home: that is told anew by `retell` when
 * the object lay in the inbox of the dead.
 */
export function orphan(
  words: Words,
  object: number,
  dead: number,
  redeliver: boolean,
  me: number,
): number {
  enterBox(words, object, me)
  let state = -1
  if (peek(words, object + PLACE) === dead) {
    poke(words, object + PLACE, 0)
    poke(words, object + TOLD, 0)
  }
  if (read(words, object + HOME) === dead) {
    state = stateOf(words, object)
    if (state === LIVES) setState(words, object, DOWN)
    putHandBack(words, object)
    reclaim(words, object, redeliver)
    poke(words, object + HOME, me)
  }
  leaveBox(words, object, me)
  return state
}

/**
 * After `orphan`: the message that the dead had in hand and that does not wait again, or 0. It is
 * the caller's.
 */
export function takeLeft(words: Words, object: number): number {
  const record = currentHint(words, object)
  poke(words, object + CURRENT, 0)
  return record
}

/** What the dead had taken and not entered is queued; so is what it handled, when `redeliver`. */
function reclaim(words: Words, object: number, redeliver: boolean): void {
  const current = currentHint(words, object)
  const again = redeliver || peek(words, object + CURRENT) > 0
  for (let at = read(words, object + URGENT); at !== 0; at = read(words, at + NEXT))
    unmark(words, at)
  let isListed = false
  for (let at = read(words, object + FIRST); at !== 0; at = read(words, at + NEXT)) {
    isListed ||= at === current
    unmark(words, at)
  }
  if (isListed || (again && current !== 0)) poke(words, object + CURRENT, 0)
  if (isListed || !again || current === 0 || peek(words, current + RECORD_STATE) !== TAKEN) return
  unmark(words, current)
  write(words, current + NEXT, read(words, object + FIRST))
  poke(words, object + FIRST, current)
  repair(words, object)
}

/** Whether the system lane holds a record that `test` knows. */
export function hasUrgent(
  words: Words,
  object: number,
  me: number,
  test: (record: number) => boolean,
): boolean {
  enterBox(words, object, me)
  let at = read(words, object + URGENT)
  while (at !== 0 && !test(at)) at = read(words, at + NEXT)
  leaveBox(words, object, me)
  return at !== 0
}

/**
 * Whether a record whose taker died is in the mailbox all the same: it is queued again. Asked once
 * the dead were put in order.
 */
export function isListed(words: Words, object: number, record: number, me: number): boolean {
  enterBox(words, object, me)
  let at = read(words, object + FIRST)
  while (at !== 0 && at !== record) at = read(words, at + NEXT)
  if (at === 0) at = read(words, object + URGENT)
  while (at !== 0 && at !== record) at = read(words, at + NEXT)
  if (at !== 0) unmark(words, at)
  leaveBox(words, object, me)
  return at !== 0
}

/**
 * After a death: whether the home has to look: it was to be told by somebody who died first, who
 * may not have got further than the system lane.
 */
export function heal(words: Words, object: number, me: number): boolean {
  enterBox(words, object, me)
  const teller = peek(words, object + TOLD)
  const isLost =
    teller !== 0 &&
    peek(words, object + PLACE) === me &&
    !isAlive(words, teller) &&
    !contains(words, me, object)
  if (isLost) poke(words, object + TOLD, 0)
  const isUntold = isLost || read(words, object + URGENT) !== 0
  leaveBox(words, object, me)
  return isUntold
}

/**
 * Whether the object lies in the inbox of `me`, which holds on to it until then. Nobody tells it
 * any more.
 */
export function isInInbox(words: Words, object: number, me: number): boolean {
  enterBox(words, object, me)
  const isTold = peek(words, object + TOLD) !== 0 && peek(words, object + PLACE) === me
  leaveBox(words, object, me)
  return isTold
}

/** Whether somebody has told its home, which has not looked yet: a hint. */
export function isToldHint(words: Words, object: number): boolean {
  return peek(words, object + TOLD) !== 0
}

/** Messages that wait: a hint. */
export function depthHint(words: Words, object: number): number {
  return peek(words, object + COUNT) + peek(words, object + HELD)
}

/** Messages begun in all its lives: a hint. */
export function handledHint(words: Words, object: number): number {
  return peek(words, object + HANDLED)
}

/** How many messages it may hold. */
export function capacityOf(words: Words, object: number): number {
  return read(words, object + CAPACITY)
}

/** Whether it lives, is down or gone: a hint. */
export function stateHint(words: Words, object: number): number {
  return peek(words, object + STATE) & STATE_MASK
}

/** What it was made with beside: EXACT, and the flags of its room. */
export function flagsOf(words: Words, object: number): number {
  return peek(words, object + STATE)
}

/** Where it lives: a hint. */
export function homeHint(words: Words, object: number): number {
  return peek(words, object + HOME)
}

/** How often it was started: a hint. */
export function livesHint(words: Words, object: number): number {
  return peek(words, object + LIFE)
}

/** The message taken last, 0 when it is done: a hint; what its home left when it died. */
export function currentHint(words: Words, object: number): number {
  return Math.abs(peek(words, object + CURRENT))
}

/**
 * Whether the actor is in its life number `life`, or down after it: for whoever alone may end that
 * life.
 */
export function isIn(words: Words, object: number, life: number): boolean {
  return livesHint(words, object) === life && stateHint(words, object) !== GONE
}

/**
 * Whether an isolate is the actor's home, or has it in its inbox: a hint; of one that was buried
 * before, no actor is missed that lives there.
 */
export function concerns(words: Words, object: number, token: number): boolean {
  return load(words, object + HOME) === token || peek(words, object + PLACE) === token
}

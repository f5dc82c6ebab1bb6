/**
 * A channel of `_interpchannels`: a chain of items, and who has used which end.
 *
 * ```
 * channel  place in the list, chain, STATE, POLICY, SEND_ENDS, RECEIVE_ENDS, NAMES
 * end      LATER, INTERPRETER, OPEN
 * ticket   one word: WAITING, RECEIVED or DROPPED; its sender sleeps on it and frees it
 * ```
 * An interpreter becomes associated with an end when it uses it, and closed to it when it releases
 * it. The channel closes when all that were associated have released, or by `close`; a sending end
 * that is closed while items wait makes it CLOSING, and the last item taken closes it.
 *
 * Publication   all inside the chain's guard, tickets too: a sender that finds its item gone knows
 *               why, and nobody writes its ticket any more
 * Death         an end is linked by one store, when it is complete
 */
import { add, load, notify, read, store, subtract, type Words, write } from "#platform/atomics"
import { acquire, acquireObject, type Here } from "../internal/loop/here.ts"
import { destroyObject, onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { create, letGo, retain } from "../internal/memory/objects.ts"
import {
  append,
  CHAIN_WORDS,
  enterChain,
  ITEM,
  leaveChain,
  lengthOf,
  takeFirst,
  takeWhere,
  unbind,
} from "./chain.ts"
import { releaseItem } from "./queue.ts"
import { CHANNELS, find, forEachListed, LISTED, list, numberOf, unlist } from "./registry.ts"

const CHAIN = LISTED
const STATE = LISTED + CHAIN_WORDS
const POLICY = STATE + 1
const SEND_ENDS = STATE + 2
const RECEIVE_ENDS = STATE + 3
const NAMES = STATE + 4
const CHANNEL_BYTES = 4 * (STATE + 5)

const OPEN = 0
const CLOSING = 1
const CLOSED = 2
/** Closed because all have released their ends: still in the list, as CPython has it. */
const RELEASED = 3

const END = { LATER: 0, INTERPRETER: 1, OPEN: 2 } as const
const END_BYTES = 12

/** States of a ticket. */
export const TICKET = { WAITING: 0, RECEIVED: 1, DROPPED: 2 } as const

/** What an operation on a channel answers. */
export type Answer = "ok" | "closed" | "ended" | "empty" | "not-empty"

/** Which end of a channel. */
export type EndName = "send" | "receive"

/** How a channel is seen from one interpreter; ends are 1 associated, -1 released, 0 neither. */
export interface ChannelInfo {
  readonly state: "open" | "closing" | "closed"
  readonly count: number
  /** Ends of all interpreters: id, and the state of each end. */
  readonly users: readonly {
    readonly id: number
    readonly send: number
    readonly receive: number
  }[]
}

/** Makes a channel that the whole world holds; its number. */
export function makeChannel(at: Here, world: number, policy: number): number {
  const channel = acquireObject(at, CHANNEL_BYTES)
  write(at.words, channel + POLICY, policy)
  create(at.words, channel, KIND.PYTHON_CHANNEL, at.me)
  // The list has a reference, and nobody else: a channel outlives the interpreter that made it.
  retain(at.words, channel)
  list(at, world, CHANNELS, channel)
  const id = numberOf(at.words, channel) - 1
  if (letGo(at.words, channel, at.me)) destroyObject(at, channel, KIND.PYTHON_CHANNEL)
  return id
}

/** The channel with this number and a reference to it; 0 when there is none. */
export function findChannel(at: Here, world: number, id: number): number {
  return find(at, world, CHANNELS, id + 1)
}

/** Numbers and policies of the channels that are not closed, the newest first. */
export function allChannels(at: Here, world: number): { id: number; policy: number }[] {
  const { words } = at
  const all: { id: number; policy: number }[] = []
  forEachListed(at, world, CHANNELS, (channel) => {
    if (load(words, channel + STATE) !== CLOSED)
      all.push({ id: numberOf(words, channel) - 1, policy: read(words, channel + POLICY) })
  })
  return all
}

/** What becomes of items unless told otherwise. */
export function policyOf(words: Words, channel: number): number {
  return read(words, channel + POLICY)
}

function within<T>(at: Here, channel: number, fn: () => T): T {
  enterChain(at.words, channel + CHAIN, at.me)
  const result = fn()
  leaveChain(at.words, channel + CHAIN, at.me)
  return result
}

function listOf(channel: number, name: EndName): number {
  return channel + (name === "send" ? SEND_ENDS : RECEIVE_ENDS)
}

function endOf(words: Words, channel: number, name: EndName, id: number): number {
  let end = load(words, listOf(channel, name))
  while (end !== 0 && read(words, end + END.INTERPRETER) !== id) end = read(words, end + END.LATER)
  return end
}

/** Puts a block for an end into the list, unless there is one; the block that is not used. */
function associate(
  words: Words,
  channel: number,
  name: EndName,
  id: number,
  block: number,
): number {
  if (endOf(words, channel, name, id) !== 0) return block
  write(words, block + END.INTERPRETER, id)
  write(words, block + END.OPEN, 1)
  write(words, block + END.LATER, load(words, listOf(channel, name)))
  store(words, listOf(channel, name), block)
  return 0
}

/** Uses an end: the interpreter is associated with it from here on. */
function use(at: Here, channel: number, name: EndName, id: number, fn: () => Answer): Answer {
  const { words } = at
  const block = acquire(at, END_BYTES)
  let spare = block
  const answer = within(at, channel, (): Answer => {
    const state = load(words, channel + STATE)
    if (state >= CLOSED || (state === CLOSING && name === "send")) return "closed"
    spare = associate(words, channel, name, id, block)
    return read(words, endOf(words, channel, name, id) + END.OPEN) === 1 ? fn() : "ended"
  })
  if (spare !== 0) at.arena.release(spare)
  return answer
}

/** Appends an item of the interpreter `id`. */
export function sendItem(at: Here, channel: number, id: number, item: number): Answer {
  return use(at, channel, "send", id, () => {
    append(at.words, channel + CHAIN, item)
    return "ok"
  })
}

/** Takes the first item out, or says why not. */
export function receiveItem(at: Here, channel: number, id: number): number | Answer {
  const { words } = at
  let item = 0
  const answer = use(at, channel, "receive", id, () => {
    item = takeFirst(words, channel + CHAIN)
    if (item !== 0) settleTicket(words, item, TICKET.RECEIVED)
    const last = lengthOf(words, channel + CHAIN) === 0
    if (last && load(words, channel + STATE) === CLOSING) store(words, channel + STATE, CLOSED)
    return item === 0 ? "empty" : "ok"
  })
  return answer === "ok" ? item : answer
}

/** Answers whoever waits for an item to be received. Inside the guard. */
function settleTicket(words: Words, item: number, state: number): void {
  const ticket = read(words, item + ITEM.TICKET)
  if (ticket === 0) return
  store(words, ticket, state)
  notify(words, ticket)
}

/** A sender gives up: takes its item back. False when it was taken before. */
export function withdrawItem(at: Here, channel: number, ticket: number): boolean {
  const { words } = at
  const items = within(at, channel, () =>
    takeWhere(words, channel + CHAIN, (item) => read(words, item + ITEM.TICKET) === ticket),
  )
  for (const item of items) releaseItem(at, item)
  return items.length > 0
}

/** Drops all items; whoever waits for one to be received is told. */
function drop(at: Here, channel: number): void {
  const { words } = at
  const items = within(at, channel, () => {
    const all = takeWhere(words, channel + CHAIN, () => true)
    for (const item of all) settleTicket(words, item, TICKET.DROPPED)
    return all
  })
  for (const item of items) releaseItem(at, item)
}

/** Closes a channel for all; only its sending end, if items still wait for receivers. */
export function closeChannel(
  at: Here,
  channel: number,
  end: EndName | "both",
  force: boolean,
): Answer {
  const { words } = at
  const answer = within(at, channel, (): Answer => {
    const state = load(words, channel + STATE)
    if (state >= CLOSED || (state === CLOSING && !force && end === "send")) return "closed"
    if (force || lengthOf(words, channel + CHAIN) === 0) {
      store(words, channel + STATE, CLOSED)
      return "ok"
    }
    if (end !== "send") return "not-empty"
    store(words, channel + STATE, CLOSING)
    return "ok"
  })
  if (answer === "ok" && load(words, channel + STATE) === CLOSED) drop(at, channel)
  return answer
}

/** The interpreter `id` does without these ends; the last to do so closes the channel. */
export function releaseEnds(
  at: Here,
  channel: number,
  id: number,
  names: readonly EndName[],
): Answer {
  const { words } = at
  const blocks = names.map(() => acquire(at, END_BYTES))
  const answer = within(at, channel, (): Answer => {
    if (load(words, channel + STATE) >= CLOSED) return "closed"
    names.forEach((name, i) => {
      blocks[i] = associate(words, channel, name, id, blocks[i])
      write(words, endOf(words, channel, name, id) + END.OPEN, 0)
    })
    closeIfReleased(words, channel)
    return "ok"
  })
  for (const block of blocks) if (block !== 0) at.arena.release(block)
  return answer
}

function closeIfReleased(words: Words, channel: number): void {
  const users = usersOf(words, channel)
  const open = users.some(({ send, receive }) => send === 1 || receive === 1)
  if (users.length > 0 && !open) store(words, channel + STATE, RELEASED)
}

function usersOf(words: Words, channel: number): ChannelInfo["users"] {
  const users = new Map<number, { id: number; send: number; receive: number }>()
  for (const name of ["send", "receive"] as const) {
    let end = load(words, listOf(channel, name))
    for (; end !== 0; end = read(words, end + END.LATER)) {
      const id = read(words, end + END.INTERPRETER)
      const user = users.get(id) ?? { id, send: 0, receive: 0 }
      user[name] = read(words, end + END.OPEN) === 1 ? 1 : -1
      users.set(id, user)
    }
  }
  return [...users.values()].reverse()
}

/** A channel as it is now. */
export function channelInfo(at: Here, channel: number): ChannelInfo {
  const { words } = at
  return within(at, channel, () => {
    const state = load(words, channel + STATE)
    return {
      state: state === OPEN ? "open" : state === CLOSING ? "closing" : "closed",
      count: lengthOf(words, channel + CHAIN),
      users: usersOf(words, channel),
    }
  })
}

/** Takes a channel out of the list for good; false when somebody did before. */
export function destroyChannel(at: Here, channel: number): boolean {
  // First: who finds it no more has been told of its items.
  store(at.words, channel + STATE, CLOSED)
  drop(at, channel)
  if (!unlist(at, CHANNELS, channel)) return false
  releaseObject(at, channel)
  return true
}

/** Destroys all channels of a world, whatever still names them. */
export function destroyChannels(at: Here, world: number): void {
  const { words } = at
  const ids: number[] = []
  forEachListed(at, world, CHANNELS, (channel) => ids.push(numberOf(words, channel) - 1))
  for (const id of ids) {
    const channel = findChannel(at, world, id)
    if (channel === 0) continue
    destroyChannel(at, channel)
    releaseObject(at, channel)
  }
}

/**
 * Counts the Python objects that name a channel, over all interpreters; when the last is gone, so
 * is the channel.
 */
export function nameChannel(at: Here, channel: number, change: 1 | -1): void {
  if (change === 1) add(at.words, channel + NAMES, 1)
  else if (subtract(at.words, channel + NAMES, 1) === 1) destroyChannel(at, channel)
}

/** The interpreter `owner` has ended: its items and its ends. */
export function unbindChannels(at: Here, world: number, owner: number): void {
  const { words } = at
  for (const { id } of allChannels(at, world)) {
    const channel = findChannel(at, world, id)
    if (channel === 0) continue
    const removed = within(at, channel, () => {
      for (const name of ["send", "receive"] as const) {
        const end = endOf(words, channel, name, owner)
        if (end !== 0) write(words, end + END.OPEN, 0)
      }
      closeIfReleased(words, channel)
      return unbind(words, channel + CHAIN, owner)
    })
    for (const item of removed) releaseItem(at, item)
    if (load(words, channel + STATE) >= CLOSED) drop(at, channel)
    releaseObject(at, channel)
  }
}

onDestroy(KIND.PYTHON_CHANNEL, (at, channel) => {
  const { words } = at
  drop(at, channel)
  for (const name of ["send", "receive"] as const) {
    let end = load(words, listOf(channel, name))
    while (end !== 0) {
      const later = read(words, end + END.LATER)
      at.arena.release(end)
      end = later
    }
  }
})

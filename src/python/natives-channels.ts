/**
 * The builtins beneath `_interpchannels`. They answer None, or a list that begins with one of the
 * words that `ANSWERS` lists, by its number.
 */
import { load, read, write } from "#platform/atomics"
import { acquire } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import type { Arguments, Builtin } from "./builtins.ts"
import { FLAG, ITEM } from "./chain.ts"
import {
  type Answer,
  allChannels,
  channelInfo,
  closeChannel,
  destroyChannel,
  type EndName,
  findChannel,
  makeChannel,
  nameChannel,
  policyOf,
  receiveItem,
  releaseEnds,
  sendItem,
  TICKET,
  withdrawItem,
} from "./channel.ts"
import type { Inside } from "./inside.ts"
import { makeItem } from "./natives-items.ts"
import { bool, intTuple, list, none, smallInt, tuple } from "./numbers.ts"
import { releaseItem } from "./queue.ts"

/** Answers by number, as the glue knows them. */
const ANSWERS = ["ok", "closed", "ended", "empty", "not-empty", "missing", "unbound", "packed"]

/** Ends by number: those that `close` and `release` are told. */
const ENDS: readonly (readonly EndName[])[] = [["send", "receive"], ["send"], ["receive"]]

const STATES = ["open", "closing", "closed"]

/** The builtins on channels for one interpreter. */
export function channelBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world } = inside
  const number = (args: Arguments, index: number): number => smallInt(c, args.pointer(index)) ?? -1
  const answer = (what: string): number =>
    list(c, [c._PyLong_FromLong(ANSWERS.indexOf(what)), none(c)])
  const done = (what: Answer): number => (what === "ok" ? none(c) : answer(what))
  const on = (args: Arguments, fn: (channel: number) => number): number => {
    const channel = findChannel(at, world, number(args, 0))
    if (channel === 0) return answer("missing")
    try {
      return fn(channel)
    } finally {
      releaseObject(at, channel)
    }
  }
  return {
    xchannel_create: (args) => c._PyLong_FromLong(makeChannel(at, world, number(args, 0))),
    xchannel_destroy: (args) =>
      on(args, (channel) => (destroyChannel(at, channel) ? none(c) : answer("missing"))),
    xchannel_list: () =>
      tuple(
        c,
        allChannels(at, world).map((one) => intTuple(c, [one.id, one.policy])),
      ),
    xchannel_policy: (args) =>
      on(args, (channel) => c._PyLong_FromLong(policyOf(at.words, channel))),
    xchannel_name: (args) =>
      on(args, (channel) => {
        nameChannel(at, channel, number(args, 1) > 0 ? 1 : -1)
        return none(c)
      }),
    xchannel_info: (args) => on(args, (channel) => info(inside, channel)),
    xchannel_close: (args) =>
      on(args, (channel) => {
        const end = (["both", "send", "receive"] as const)[number(args, 1)]
        return done(closeChannel(at, channel, end, args.pointer(2) === c.__Py_TrueStruct))
      }),
    xchannel_release: (args) =>
      on(args, (channel) => done(releaseEnds(at, channel, inside.id, ENDS[number(args, 1)]))),
    xchannel_send: (args) => on(args, (channel) => send(inside, channel, args, answer)),
    xchannel_receive: (args) => on(args, (channel) => receive(inside, channel, answer)),
    ...ticketBuiltins(inside, on),
  }
}

/** (state, count, ((interpreter, send, receive), …)) */
function info({ c, at }: Inside, channel: number): number {
  const { state, count, users } = channelInfo(at, channel)
  const seen = users.map((user) => intTuple(c, [user.id, user.send, user.receive]))
  return tuple(c, [
    c._PyLong_FromLong(STATES.indexOf(state)),
    c._PyLong_FromLong(count),
    tuple(c, seen),
  ])
}

/** `xchannel_send(id, packed, policy, ticket)`; `ticket` is 0 when nobody waits. */
function send(
  inside: Inside,
  channel: number,
  args: Arguments,
  answer: (what: string) => number,
): number {
  const { c, at, values, id } = inside
  const packed = args.pointer(1)
  const bytes = values.measure(packed)
  const asked = smallInt(c, args.pointer(2)) ?? -1
  const policy = asked < 0 ? policyOf(at.words, channel) : asked
  const item = bytes < 0 ? 0 : makeItem(inside, packed, bytes, policy, FLAG.PACKED)
  if (item === 0) return c._PyErr_NoMemory()
  write(at.words, item + ITEM.TICKET, smallInt(c, args.pointer(3)) ?? 0)
  const sent = sendItem(at, channel, id, item)
  if (sent === "ok") return none(c)
  releaseItem(at, item)
  return answer(sent)
}

function receive(
  { c, at, values, id }: Inside,
  channel: number,
  answer: (what: string) => number,
): number {
  const item = receiveItem(at, channel, id)
  if (typeof item === "string") return answer(item)
  const { words } = at
  const gone = (read(words, item + ITEM.FLAGS) & FLAG.UNBOUND) !== 0
  const value = gone
    ? c._PyLong_FromLong(read(words, item + ITEM.POLICY))
    : values.read(item + ITEM.VALUE)
  releaseItem(at, item)
  if (value === 0) return 0
  return list(c, [c._PyLong_FromLong(ANSWERS.indexOf(gone ? "unbound" : "packed")), value])
}

/** Tickets: `ticket` makes one, `ticket_state` reads it, `ticket_end` gives it back. */
function ticketBuiltins(
  { c, at }: Inside,
  on: (args: Arguments, fn: (channel: number) => number) => number,
): Record<string, Builtin> {
  const word = (args: Arguments, index: number): number => smallInt(c, args.pointer(index)) ?? 0
  return {
    ticket: () => {
      const block = acquire(at, 4)
      write(at.words, block, TICKET.WAITING)
      return c._PyLong_FromLong(block)
    },
    ticket_state: (args) => c._PyLong_FromLong(load(at.words, word(args, 0))),
    ticket_end: (args) => {
      at.arena.release(word(args, 0))
      return none(c)
    },
    /** True when the item was still there. */
    xchannel_withdraw: (args) =>
      on(args, (channel) => bool(c, withdrawItem(at, channel, word(args, 1)))),
  }
}

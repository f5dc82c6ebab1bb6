/** The builtins beneath `_interpreters`, and those by which an interpreter serves the others. */
import { compareExchange, load, read, store } from "#platform/atomics"
import { waitSync } from "#platform/park"
import { acquire } from "../internal/loop/here.ts"
import type { Arguments, Builtin } from "./builtins.ts"
import { unbindChannels } from "./channel.ts"
import { claimRow, finishClaim, postRequest, takeAnswer, takeRequest, unclaim } from "./claims.ts"
import { dropFreight, loadFreight } from "./freight.ts"
import { holdRow, letRowGo } from "./holds.ts"
import { tellHost } from "./host.ts"
import type { Inside, Seated } from "./inside.ts"
import { makeRequest } from "./natives-items.ts"
import type { Queues } from "./natives-queues.ts"
import { block as sleep } from "./natives-wait.ts"
import { bool, ints, intTuple, none, smallInt, tuple } from "./numbers.ts"
import { unbindItems } from "./queue.ts"
import { allRows, CLAIM, endRow, findRow, ROW, STATE, takeRow, WORLD } from "./world.ts"

/** What `claim` answers when it is not the row. */
const CLAIMED = { claimed: 0, running: 1, missing: 2 } as const

/** The builtins on interpreters for one interpreter. */
export function interpreterBuiltins(inside: Seated, queues: Queues): Record<string, Builtin> {
  return {
    ...seatBuiltins(inside),
    ...livesBuiltins(inside),
    ...lookBuiltins(inside),
    ...requestBuiltins(inside, queues),
    ...serveBuiltins(inside),
  }
}

/** Who there is. */
function lookBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world } = inside
  const { words } = at
  const fields = [ROW.STATE, ROW.WHENCE, ROW.CLAIM, ROW.REFERENCES, ROW.OWNED, ROW.CONFIG]
  return {
    me: () => c._PyLong_FromLong(inside.id),
    interpreter_next: () => c._PyLong_FromLong(load(words, world + WORLD.INTERPRETERS)),
    /** (state, whence, claim, references, owned, config); None when it is not there. */
    interpreter_info: (args) => {
      const row = findRow(words, world, smallInt(c, args.pointer(0)) ?? -1)
      if (row === 0) return none(c)
      return intTuple(
        c,
        fields.map((field) => load(words, row + field)),
      )
    },
    interpreter_list: () =>
      tuple(
        c,
        allRows(words, world).map((row) =>
          intTuple(c, [read(words, row + ROW.ID) - 1, read(words, row + ROW.WHENCE)]),
        ),
      ),
  }
}

/** Making interpreters, holding them and ending them. */
function livesBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world } = inside
  const { words } = at
  const number = (args: Arguments, index: number): number => smallInt(c, args.pointer(index)) ?? -1
  const int = (value: number): number => c._PyLong_FromLong(value)
  const rowOf = (args: Arguments): number => findRow(words, world, number(args, 0))
  return {
    interpreter_create: (args) => {
      const owned = args.pointer(1) === c.__Py_TrueStruct
      const row = takeRow(at, world, number(args, 0), owned, number(args, 2))
      if (row === 0) return none(c)
      const made = read(words, row + ROW.ID) - 1
      tellHost({ type: "start", row, now: false })
      return int(made)
    },
    /** Adds to the references; returns how many there are then, None when it is not there. */
    interpreter_refer: (args) => {
      const row = rowOf(args)
      if (row === 0) return none(c)
      const change = number(args, 1) > 0 ? holdRow : letRowGo
      return int(change(at, inside.row, row, number(args, 0)))
    },
    interpreter_own: (args) => {
      const row = rowOf(args)
      if (row !== 0) store(words, row + ROW.OWNED, args.pointer(1) === c.__Py_TrueStruct ? 1 : 0)
      return none(c)
    },
    interpreter_end: (args) => {
      const row = rowOf(args)
      if (row === 0) return none(c)
      const token = endRow(at, world, row)
      if (token !== 0) tellHost({ type: "end", token })
      unbindItems(at, world, number(args, 0))
      unbindChannels(at, world, number(args, 0))
      return none(c)
    },
  }
}

function claim({ at: { words }, world, id }: Inside, asked: number, hidden: boolean): number {
  const row = findRow(words, world, asked)
  if (row === 0) return CLAIMED.missing
  const how = claimRow(words, row, asked, (id + 1) | (hidden ? CLAIM.HIDDEN : 0))
  return how === "claimed" ? row : CLAIMED[how]
}

/** Asking another interpreter: `claim`, `request`, then `answer` when there is one. */
function requestBuiltins(inside: Inside, queues: Queues): Record<string, Builtin> {
  const { c, at, values } = inside
  const { words } = at
  const number = (args: Arguments, index: number): number => smallInt(c, args.pointer(index)) ?? -1
  return {
    /** `claim(id, hidden)`: the row; a lower number says why not. */
    claim: (args) =>
      c._PyLong_FromLong(claim(inside, number(args, 0), args.pointer(1) === c.__Py_TrueStruct)),
    unclaim: (args) => {
      unclaim(words, number(args, 0))
      return none(c)
    },
    /** `request(row, id, value)`: what to wait for; None when the interpreter is no more. */
    request: (args) => {
      const row = number(args, 0)
      const block = makeRequest(inside, args.pointer(2))
      const done = postRequest(words, row, number(args, 1), block)
      if (done === undefined) {
        at.arena.release(block)
        return none(c)
      }
      if (load(words, row + ROW.STATE) === STATE.COLD) tellHost({ type: "start", row, now: true })
      return intTuple(c, [row + ROW.DONE, done])
    },
    /**
     * `answer(row)`: the reply, whose claim ends with this. None when the interpreter is dead,
     * False when it never lived: there was no place for its thread.
     */
    answer: (args) => {
      const row = number(args, 0)
      const { block, freight, request } = takeAnswer(words, row)
      const isRefused = load(words, row + ROW.STATE) === STATE.REFUSED
      unclaim(words, row)
      if (request !== 0) at.arena.release(request)
      if (block === 0) return isRefused ? bool(c, false) : none(c)
      const value = values.read(block)
      at.arena.release(block)
      queues.unload(freight)
      return value
    },
  }
}

/** Being given a row: `take_seat` is true once there is one; before, `seat_word` changes then. */
function seatBuiltins(inside: Seated): Record<string, Builtin> {
  const { c, at } = inside
  const { words } = at
  const seat = inside.row
  return {
    seat_word: () => c._PyLong_FromLong(seat + ROW.GIVEN),
    take_seat: () => {
      const row = load(words, seat + ROW.GIVEN)
      if (row === 0) return bool(c, false)
      const id = load(words, row + ROW.ID) - 1
      // Destroyed before it began: this thread is about to be ended.
      while (id < 0) sleep(inside, { words, index: seat + ROW.GIVEN, expected: row }, Infinity)
      inside.take(row, id)
      compareExchange(words, row + ROW.STATE, STATE.STARTING, STATE.READY)
      return bool(c, true)
    },
  }
}

/** Being asked: `next` takes a request, `reply` answers it. */
function serveBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world, values } = inside
  const { words } = at
  return {
    /** Ends this interpreter as a defect of CPython would. */
    die: () => {
      tellHost({ type: "fatal", message: "it was asked to die" })
      for (;;) waitSync(words, inside.row + ROW.STATE, STATE.READY)
    },
    turn_word: () => c._PyLong_FromLong(inside.row + ROW.TURN),
    next: () => {
      const block = takeRequest(words, inside.row)
      if (block === 0) return none(c)
      const value = values.read(block)
      at.arena.release(block)
      return value
    },
    /** `reply(value, named)`: with the ids of queues it names. False when it is not simple. */
    reply: (args) => {
      const { row } = inside
      const value = args.pointer(0)
      const bytes = values.measure(value)
      if (bytes < 0) return bool(c, false)
      const block = acquire(at, bytes)
      values.write(value, block)
      const forHost = load(words, row + ROW.CLAIM) === CLAIM.HOST
      const freight = loadFreight(at, world, ints(c, args.pointer(1)))
      if (!finishClaim(at, world, row, block, freight)) {
        at.arena.release(block)
        dropFreight(at, freight)
      }
      if (forHost) tellHost({ type: "answered" })
      return bool(c, true)
    },
  }
}

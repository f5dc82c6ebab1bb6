/**
 * The builtins beneath `_interpqueues`.
 *
 * `queue_put` and `queue_get` are what a program calls all the time: a plain result is the item
 * itself or None, and anything else is a list that begins with one of `ANSWER`.
 */
import { read, write } from "#platform/atomics"
import { releaseObject } from "../internal/loop/objects.ts"
import type { Arguments, Builtin } from "./builtins.ts"
import { FLAG, ITEM } from "./chain.ts"
import { loadFreight, unloadFreight } from "./freight.ts"
import type { Inside } from "./inside.ts"
import { makeItem } from "./natives-items.ts"
import { bool, ints, intTuple, list, none, smallInt, tuple } from "./numbers.ts"
import {
  allQueues,
  capacityOf,
  countOf,
  defaultsOf,
  destroyQueue,
  findQueue,
  keepQueue,
  letQueueGo,
  makeQueue,
  PUTS,
  putItem,
  releaseItem,
  TAKES,
  takeItem,
} from "./queue.ts"

/** What `queue_put` and `queue_get` say when there is no plain result. */
const ANSWER = { PACKED: 0, EMPTY: 1, FULL: 2, MISSING: 3, NOT_SIMPLE: 4, UNBOUND: 5 } as const

/** A queue that objects of this interpreter are bound to. */
interface Bound {
  readonly queue: number
  count: number
}

/** Queues as one interpreter uses them. */
export class Queues {
  readonly #inside: Inside
  readonly #bound = new Map<number, Bound>()

  constructor(inside: Inside) {
    this.#inside = inside
  }

  create(capacity: number, policy: number, fallback: number): number {
    const { at, world } = this.#inside
    const queue = makeQueue(at, world, capacity, policy, fallback)
    const { id } = defaultsOf(at.words, queue)
    this.#bound.set(id, { queue, count: 0 })
    return id
  }

  bind(id: number): boolean {
    const { at, world } = this.#inside
    let bound = this.#bound.get(id)
    if (bound === undefined) {
      const queue = findQueue(at, world, id)
      if (queue === 0) return false
      keepQueue(at, queue)
      bound = { queue, count: 0 }
      this.#bound.set(id, bound)
    }
    bound.count++
    return true
  }

  release(id: number): boolean {
    const bound = this.#bound.get(id)
    if (bound === undefined || bound.count === 0) return false
    if (--bound.count === 0) {
      this.#bound.delete(id)
      letQueueGo(this.#inside.at, bound.queue)
    }
    return true
  }

  /** The queues of a freight live on here until Python has bound them. */
  unload(freight: number): void {
    for (const queue of unloadFreight(this.#inside.at, freight)) this.#keep(queue)
  }

  #keep(queue: number): void {
    const { at } = this.#inside
    const { id } = defaultsOf(at.words, queue)
    if (id === 0) {
      releaseObject(at, queue)
      return
    }
    keepQueue(at, queue)
    if (!this.#bound.has(id)) this.#bound.set(id, { queue, count: 0 })
  }

  /** The queue with this id if objects here are bound to it: no look-up is needed. */
  bound(id: number): number {
    const bound = this.#bound.get(id)
    if (bound === undefined) return 0
    return defaultsOf(this.#inside.at.words, bound.queue).id === id ? bound.queue : 0
  }

  /** Takes a queue out of the list, whoever uses it. */
  destroy(id: number): boolean {
    const gone = this.use(id, (queue) => destroyQueue(this.#inside.at, queue)) ?? false
    const bound = this.#bound.get(id)
    this.#bound.delete(id)
    if (bound !== undefined) letQueueGo(this.#inside.at, bound.queue)
    return gone
  }

  /** Calls `fn` with the queue with this id; undefined when there is none. */
  use<T>(id: number, fn: (queue: number) => T): T | undefined {
    const bound = this.bound(id)
    if (bound !== 0) return fn(bound)
    const { at, world } = this.#inside
    const queue = findQueue(at, world, id)
    if (queue === 0) return undefined
    try {
      return fn(queue)
    } finally {
      releaseObject(at, queue)
    }
  }
}

/** The builtins on queues for one interpreter. */
export function queueBuiltins(inside: Inside, queues: Queues): Record<string, Builtin> {
  const { c, at, world } = inside
  const number = (args: Arguments, index: number): number => smallInt(c, args.pointer(index)) ?? -1
  const answer = (code: number): number => list(c, [c._PyLong_FromLong(code)])
  const asked = (args: Arguments, fn: (queue: number) => number): number =>
    queues.use(number(args, 0), fn) ?? answer(ANSWER.MISSING)
  return {
    queue_create: (args) =>
      c._PyLong_FromLong(queues.create(number(args, 0), number(args, 1), number(args, 2))),
    queue_bind: (args) => bool(c, queues.bind(number(args, 0))),
    queue_release: (args) => bool(c, queues.release(number(args, 0))),
    queue_destroy: (args) => bool(c, queues.destroy(number(args, 0))),
    queue_exists: (args) => bool(c, queues.use(number(args, 0), () => true) ?? false),
    queue_put: (args) => asked(args, (queue) => put(inside, queue, args, answer)),
    queue_get: (args) => asked(args, (queue) => get(inside, queues, queue, answer)),
    queue_words: (args) => asked(args, (queue) => intTuple(c, [queue + PUTS, queue + TAKES])),
    queue_count: (args) => asked(args, (queue) => c._PyLong_FromLong(countOf(at.words, queue))),
    queue_capacity: (args) =>
      asked(args, (queue) => c._PyLong_FromLong(capacityOf(at.words, queue))),
    queue_defaults: (args) =>
      asked(args, (queue) => {
        const { policy, fallback } = defaultsOf(at.words, queue)
        return intTuple(c, [policy, fallback])
      }),
    queue_list: () =>
      tuple(
        c,
        allQueues(at, world).map(({ id, policy, fallback }) => intTuple(c, [id, policy, fallback])),
      ),
  }
}

/**
 * `queue_put(id, object, policy, packed, named)`: `named` are the ids of the queues that a packed
 * value names, which live at least until the item is taken.
 */
function put(
  inside: Inside,
  queue: number,
  args: Arguments,
  answer: (code: number) => number,
): number {
  const { c, at, values, world } = inside
  const object = args.pointer(1)
  const bytes = values.measure(object)
  if (bytes < 0) return answer(ANSWER.NOT_SIMPLE)
  const asked = smallInt(c, args.pointer(2)) ?? -1
  const policy = asked < 0 ? defaultsOf(at.words, queue).policy : asked
  const packed = args.pointer(3) === c.__Py_TrueStruct
  const item = makeItem(inside, object, bytes, policy, packed ? FLAG.PACKED : 0)
  if (item === 0) return c._PyErr_NoMemory()
  const named = ints(c, args.pointer(4))
  if (named.length > 0) write(at.words, item + ITEM.FREIGHT, loadFreight(at, world, named))
  if (putItem(at, queue, item)) return none(c)
  releaseItem(at, item)
  return answer(ANSWER.FULL)
}

/** `queue_get(id)` */
function get(
  { c, at, values }: Inside,
  queues: Queues,
  queue: number,
  answer: (code: number) => number,
): number {
  const item = takeItem(at, queue)
  if (item === 0) return answer(ANSWER.EMPTY)
  const flags = read(at.words, item + ITEM.FLAGS)
  if (flags & FLAG.UNBOUND) {
    const policy = read(at.words, item + ITEM.POLICY)
    releaseItem(at, item)
    return list(c, [c._PyLong_FromLong(ANSWER.UNBOUND), c._PyLong_FromLong(policy)])
  }
  const value = values.read(item + ITEM.VALUE)
  queues.unload(read(at.words, item + ITEM.FREIGHT))
  write(at.words, item + ITEM.FREIGHT, 0)
  releaseItem(at, item)
  if (value === 0 || flags === 0) return value
  return list(c, [c._PyLong_FromLong(ANSWER.PACKED), value])
}

/**
 * Small programs with tasks and locks, each of which says what it came to. They run for real and
 * explored: what happens for real must be among what the exploration finds.
 */
import {
  barrier,
  type Channel,
  channel,
  go,
  latch,
  mutex,
  once,
  parallel,
  rwLock,
  scope,
  semaphore,
  sharedArray,
  type Task,
} from "../../../src/index.ts"
import * as crew from "./task-crew.ts"

const { wordOf } = crew

function words(): Int32Array {
  return sharedArray(Int32Array, 4) as Int32Array
}

const three = <T>(start: () => Task<T>): Promise<T[]> => Promise.all([start(), start(), start()])

/** Each gives what it came to. */
export const cases: Readonly<Record<string, () => Promise<unknown>>> = {
  async "a mutex lets one in at a time"() {
    const [m, counted] = [mutex(), words()]
    const seen = await three(() => go(crew.addTo, m, counted))
    return [seen.sort(), counted[0]]
  },

  async "a mutex that is held is busy, and times out"() {
    const m = mutex()
    const guard = await m.lock()
    const held = [await go(crew.tryLock, m), await go(crew.lockSoon, m), m.locked]
    guard.unlock()
    return [...held, await go(crew.tryLock, m), m.locked]
  },

  async "a thread that blocks for a mutex gets it"() {
    const [m, counted] = [mutex(), words()]
    await three(() => go(crew.lockSync, m, counted))
    return counted[0]
  },

  async "waiting for a mutex is given up when the signal aborts"() {
    const m = mutex()
    using _guard = await m.lock()
    const control = new AbortController()
    const waiting = wordOf(m.lock({ signal: control.signal }))
    control.abort(new RangeError("no more"))
    return waiting
  },

  async "a mutex that is unlocked twice says so"() {
    const guard = await mutex().lock()
    guard.unlock()
    return wordOf(Promise.try(() => guard.unlock()))
  },

  async "readers and writers never meet"() {
    const [lock, inside] = [rwLock(), words()]
    const tasks = [crew.read, crew.write, crew.read, crew.write]
    return Promise.all(tasks.map((one) => go(one, lock, inside)))
  },

  async "a semaphore lets two in at a time"() {
    const [permits, inside] = [semaphore(2), words()]
    return three(() => go(crew.enter, permits, inside))
  },

  async "nobody passes a barrier before all have come"() {
    const [all, arrived] = [barrier(3), words()]
    return three(() => go(crew.meet, all, arrived))
  },

  async "a latch opens when it was counted down"() {
    const gate = latch(3)
    const open = gate.wait()
    await three(() => go(crew.countDown, gate))
    return wordOf(open)
  },

  async "something done once is done by one of all who ask"() {
    const only = once(crew.eleven)
    return [await three(() => go(crew.getOnce, only)), await only.get()]
  },

  async "results and errors of tasks arrive"() {
    const error = await go(crew.fail, "no").catch((one: Error) => one)
    const { name, message, cause } = error as RangeError
    return [await go(crew.double, 21), error instanceof RangeError, name, message, cause]
  },

  async "what cannot be sent is named"() {
    const list = [1, () => 1] as unknown as number[]
    return wordOf(go(crew.change, list).catch(({ message }: Error) => message))
  },

  async "arguments are copies"() {
    const list = [1, 2, 3]
    return [await go(crew.change, list), list]
  },

  async "a cancelled task rejects at once"() {
    const began = channel<string>(1)
    const task = go(crew.untilCancelled, began)
    await began.receive()
    task.cancel("enough")
    return [await wordOf(task), task.state]
  },

  async "a task that takes too long is cancelled"() {
    const began: Channel<string> = channel(1)
    return wordOf(go.with({ timeoutMs: 5 })(crew.untilCancelled, began))
  },

  async "the first failure of a scope cancels the rest, and is the scope's"() {
    const began = channel<string>(1)
    let other: Task<string> | undefined
    const ended = await wordOf(
      scope(async (s) => {
        other = s.go(crew.untilCancelled, began)
        await began.receive()
        await s.go(crew.fail, "first")
      }),
    )
    return [ended, other?.state]
  },

  async "a generator is a task too"() {
    return go(crew.steps, 3)
  },

  async "parallel loops give all results, in order"() {
    const items = [1, 2, 3, 4, 5, 6]
    const doubled = await parallel.map(items, crew.double)
    const even = await parallel.filter(items, crew.isEven)
    return [doubled, even, await parallel.reduce(items, crew.plus, crew.plus, 0)]
  },

  async "joins within joins come to one result"() {
    return go(crew.sum, 1, 5)
  },

  async "a sleeping thread is woken by what it waits for"() {
    const shared = words()
    return Promise.all([go(crew.sleep, shared), go(crew.wake, shared)])
  },

  async "views of shared memory are the same memory everywhere"() {
    const shared = words()
    shared[0] = 0x0100
    const { buffer } = shared as Int32Array<SharedArrayBuffer>
    const sum = await go(crew.viewSum, new Uint8Array(buffer, 0, 2), buffer)
    return [sum, shared[0]]
  },
}

/** What a page does with isolates: tasks, channels, locks, buffers, actors, deaths. */
import {
  Actor,
  channel,
  current,
  go,
  isolates,
  move,
  mutex,
  parallel,
  sharedArray,
  spawn,
  start,
} from "heddle"

function messageOf(error: Error): string {
  return error.message
}

function codeOf(error: Error & { readonly code?: string }): string | undefined {
  return error.code
}

export async function begins(): Promise<unknown> {
  await start({ isolates: 2 })
  return isolates().map(({ id, state }) => [id, state])
}

function fib(n: number): number {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

export async function tasks(): Promise<unknown> {
  const k = 20
  return [
    await go((n: number) => n + k + 2, 20),
    await go(fib, 15),
    await parallel.map([1, 2, 3, 4], (n) => n * n),
    await go(() => current().isolate > 0),
  ]
}

export async function failures(): Promise<unknown> {
  const thrown = await go(() => {
    throw new RangeError("no")
  }).catch(String)
  const task = go(async () => {
    const me = current()
    while (!me.signal.aborted) await me.yield()
  })
  task.cancel()
  return [thrown, await task.catch(codeOf)]
}

/** Text of one and of two bytes a unit, short and long, with half a surrogate. */
const TEXTS = ["", "hey", "grüße", "żółw", "é".repeat(500), "ż".repeat(9000), "a\ud800", "😀"]

export async function texts(): Promise<unknown> {
  const back = await go((all: string[]) => all.map((text) => text + text), TEXTS)
  return back.every((text, index) => text === TEXTS[index] + TEXTS[index])
}

const MESSAGES = 5_000

export async function channels(): Promise<unknown> {
  const there = channel<number>(64)
  const back = channel<number>(64)
  const echo = go(async () => {
    for await (const n of there) await back.send(n + 1)
    back.close()
  })
  const sent = (async () => {
    for (let n = 0; n < MESSAGES; n++) await there.send(n)
    there.close()
  })()
  let sum = 0
  for await (const n of back) sum += n
  await Promise.all([echo, sent])
  return sum === (MESSAGES * (MESSAGES + 1)) / 2
}

/** Two isolates that block their threads, which a page must not. */
export async function blocking(): Promise<unknown> {
  const jobs = channel<number>(1)
  const results = channel<number>(1)
  const done = go(() => {
    for (let left = 100; left > 0; left--) results.sendSync(jobs.receiveSync() * 2)
  })
  const feeding = go(() => {
    for (let n = 0; n < 100; n++) jobs.sendSync(n)
  })
  let sum = 0
  for (let left = 100; left > 0; left--) sum += await results.receive()
  await Promise.all([done, feeding])
  const refused = ((): unknown => {
    try {
      return jobs.receiveSync()
    } catch (error) {
      return codeOf(error as Error)
    }
  })()
  return [sum, refused]
}

export async function locks(): Promise<unknown> {
  const guard = mutex()
  const count = sharedArray(Int32Array, 1)
  const step = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) {
      using _held = await guard.lock()
      count[0] = count[0] + 1
    }
  }
  await Promise.all([go(step), step()])
  return count[0]
}

export async function moved(): Promise<unknown> {
  const bytes = new Uint8Array(1 << 20).fill(7)
  const back = await go((all: Uint8Array) => move(all.fill(8, 1)), move(bytes))
  return [bytes.length, back.length, back[0], back[1]]
}

class Account extends Actor {
  balance = 0
  deposit(amount: number): number {
    this.balance += amount
    return this.balance
  }
}

export async function actors(): Promise<unknown> {
  const account = await spawn(Account, [])
  await account.tell.deposit(2)
  const balance = await account.ask.deposit(40)
  await account.stop()
  return balance
}

/** An isolate ends: by an error that nothing caught, by its own will, and by ours. */
export async function deaths(): Promise<unknown> {
  const failed = await go(async () => {
    queueMicrotask(() => {
      throw new Error("uncaught")
    })
    await new Promise(() => {})
  }).catch(messageOf)
  const closed = await go(async () => {
    Reflect.get(globalThis, "close")()
    await new Promise(() => {})
  }).catch(codeOf)
  const killed = await go
    .with({ timeoutMs: 10, kill: true })(async () => {
      await new Promise(() => {})
    })
    .catch(codeOf)
  return [failed, closed, killed, await go(() => "another lives")]
}

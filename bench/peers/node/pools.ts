/** The pools of npm behind one small interface, each configured as its own manual advises. */
import { availableParallelism } from "node:os"
import type { Run } from "../../workloads/calls.ts"
import type { factorial, increment, spin } from "../../workloads/functions.js"

/** Tasks every pool knows, from `workloads/functions.ts`. */
export type TaskName = "increment" | "spin" | "factorial"

export const POOLS = [
  "piscina",
  "piscina, 64 a worker",
  "tinypool",
  "workerpool",
  "poolifier",
  "multithreading",
  "MessagePort",
] as const

export type PoolName = (typeof POOLS)[number]

/** The pools of npm: all but the bare port. */
export const NPM_POOLS = POOLS.filter((name) => name !== "MessagePort")

const size = availableParallelism()

function path(file: string): string {
  return new URL(file, import.meta.url).pathname
}

/**
 * Opens a pool of one worker per core and gives what runs the named task in it. No pool is closed:
 * a contender's process ends with its sample.
 */
export async function openPool(pool: PoolName, name: TaskName): Promise<Run> {
  switch (pool) {
    case "piscina":
      return openPiscina(name, 1)
    case "piscina, 64 a worker":
      return openPiscina(name, 64)
    case "tinypool":
      return openTinypool(name)
    case "workerpool":
      return openWorkerpool(name)
    case "poolifier":
      return openPoolifier(name)
    case "multithreading":
      return openMultithreading(name)
    case "MessagePort":
      return (await import("./message-port.ts")).openPortPool(name, size)
  }
}

async function openPiscina(name: TaskName, concurrentTasksPerWorker: number): Promise<Run> {
  const { FixedQueue, Piscina } = await import("piscina")
  const pool = new Piscina({
    filename: path("./pool-worker.js"),
    minThreads: size,
    maxThreads: size,
    concurrentTasksPerWorker,
    taskQueue: new FixedQueue(),
  })
  return (value) => pool.run(value, { name })
}

async function openTinypool(name: TaskName): Promise<Run> {
  const { default: Tinypool } = await import("tinypool")
  const pool = new Tinypool({
    filename: path("./pool-worker.js"),
    minThreads: size,
    maxThreads: size,
  })
  return (value) => pool.run(value, { name })
}

async function openWorkerpool(name: TaskName): Promise<Run> {
  const { default: workerpool } = await import("workerpool")
  const pool = workerpool.pool(path("./workerpool-worker.js"), {
    minWorkers: size,
    maxWorkers: size,
    workerType: "thread",
  })
  return (value) => Promise.resolve(pool.exec(name, [value]) as PromiseLike<number | bigint>)
}

async function openPoolifier(name: TaskName): Promise<Run> {
  const { FixedThreadPool } = await import("poolifier")
  const pool = new FixedThreadPool<number, number | bigint>(size, path("./poolifier-worker.js"), {
    enableTasksQueue: false,
  })
  return (value) => pool.execute(value, name)
}

/** Its functions travel as text, so each imports what it needs by absolute address. */
async function openMultithreading(name: TaskName): Promise<Run> {
  const { move, spawn } = await import("multithreading")
  const tasks = {
    increment: (value: number): number => value + 1,
    spin: (rounds: number): number => {
      const spinFrom = (start: number, share: number): number => {
        let state = start
        for (let i = 0; i < share; i++) state = (state * 1664525 + 1013904223) >>> 0
        return state
      }
      let state = 1
      for (let left = rounds; left > 0; left -= 1000) state = spinFrom(state, Math.min(left, 1000))
      return state >>> 24
    },
    factorial: (n: number): bigint => {
      let product = 1n
      for (let i = 2n; i <= BigInt(n); i++) product *= i
      return product
    },
  } satisfies { increment: typeof increment; spin: typeof spin; factorial: typeof factorial }
  const task = tasks[name] as (value: number) => number | bigint
  return async (value) => {
    const result = await spawn(move(value), task).join()
    if (!result.ok) throw result.error
    return result.value
  }
}

/**
 * The host of an explored program: its clock, its chance and its timers are taken over while it
 * runs, and promises that nobody caught are noticed.
 *
 * Timers run in simulated time. What else no schedule decides is found, and named, when the program
 * asks for it; what was allowed is given the same in every schedule.
 */
import { simulated } from "#platform/simulation"
import { parallel } from "../../task/parallel.ts"
import { Chance } from "../chance.ts"
import { stagedAtomics } from "./atomics.ts"
import type { Finding } from "./finding.ts"
import { loaderFlags } from "./flags.ts"
import { isLeave } from "./leave.ts"
import type { Uncontrolled } from "./options.ts"
import type { Theatre } from "./theatre.ts"
import { unwatchViews, watchViews } from "./watch-views.ts"
import { whereIn } from "./where.ts"

/** The moment at which simulated time begins. */
const FIRST_MS = Date.UTC(2025, 0, 1)

type Undo = () => void

/** What the program has of its host. */
export class Host {
  readonly #allowed: ReadonlySet<Uncontrolled>
  readonly #undo: Undo[] = []
  #theatre: Theatre | undefined
  #chance = new Chance(1)
  /** What was found in this execution. */
  found: Finding | null = null

  constructor(allowed: readonly Uncontrolled[]) {
    this.#allowed = new Set(allowed)
  }

  /** An execution begins. */
  forget(theatre: Theatre): void {
    this.#theatre = theatre
    this.#chance = new Chance(1)
    this.found = null
  }

  /** Takes the host over. */
  begin(): void {
    this.#chances()
    this.#clocks()
    this.#timers()
    this.#atomics()
    this.#rejections()
    this.#joins()
    watchViews()
  }

  /** Gives the host back. */
  end(): void {
    unwatchViews()
    for (const undo of this.#undo.reverse()) undo()
    this.#undo.length = 0
  }

  /** The command that ran this program. */
  command(): string {
    const folder = `${process.cwd()}/`
    const short = (text: string): string =>
      text.startsWith(folder) ? text.slice(folder.length) : text
    const [, script = "", ...rest] = process.argv
    const file = short(script)
    if ("VITEST" in process.env) return "npx vitest run"
    return ["node", ...loaderFlags(process.execArgv), file, ...rest].join(" ")
  }

  #replace<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
    const before = Object.getOwnPropertyDescriptor(object, key)
    Object.defineProperty(object, key, { value, writable: true, configurable: true })
    this.#undo.push(() => {
      if (before === undefined) delete object[key]
      else Object.defineProperty(object, key, before)
    })
  }

  /** The program asks for what no schedule decides. */
  #asked(what: Uncontrolled, call: string): void {
    if (this.#allowed.has(what)) return
    const where = whereIn(new Error().stack ?? "")
    this.#theatre?.failed(
      "uncontrolled",
      `${call} at ${where}: no schedule decides what it gives; ` +
        `pass the value in, or allow it: { allow: ["${what}"] }`,
    )
  }

  #chances(): void {
    const { random } = Math
    this.#replace(Math, "random", () => {
      const theatre = simulated() === undefined ? undefined : this.#theatre
      if (theatre === undefined) return random()
      this.#asked("Math.random", "Math.random()")
      return theatre.operate("Math.random", () => this.#chance.next())
    })
    for (const name of ["randomUUID", "getRandomValues"] as const) {
      const real = crypto[name] as (...args: unknown[]) => unknown
      const watched = (...args: unknown[]): unknown => {
        if (simulated() !== undefined) this.#asked("crypto", `crypto.${name}()`)
        return real.apply(crypto, args)
      }
      this.#replace(crypto as unknown as Record<string, unknown>, name, watched)
    }
  }

  #clocks(): void {
    const real = Date
    const dateNow = Date.now
    const virtual = (what: Uncontrolled, call: string): number | undefined => {
      if (simulated() === undefined) return undefined
      this.#asked(what, call)
      return this.#theatre?.now()
    }
    const { performance } = globalThis
    const monotonic = performance.now.bind(performance)
    this.#replace(
      performance,
      "now",
      () => virtual("performance.now", "performance.now()") ?? monotonic(),
    )
    this.#replace(real, "now", () => {
      const ms = virtual("Date.now", "Date.now()")
      return ms === undefined ? dateNow() : FIRST_MS + ms
    })
    const Clock = new Proxy(real, {
      construct: (target, args, self) => {
        if (args.length > 0 || simulated() === undefined) {
          return Reflect.construct(target, args, self)
        }
        const ms = virtual("Date.now", "new Date()") ?? 0
        return Reflect.construct(target, [FIRST_MS + ms], self)
      },
    })
    this.#replace(globalThis, "Date", Clock)
  }

  #atomics(): void {
    const foreign = (call: string): void => {
      const where = whereIn(new Error().stack ?? "")
      this.#theatre?.failed(
        "uncontrolled",
        `${call} at ${where} on memory that is not explored: use sharedBytes or sharedArray`,
      )
    }
    const staged = stagedAtomics(Atomics, () => simulated() !== undefined, foreign)
    for (const [name, call] of Object.entries(staged)) {
      this.#replace(Atomics as unknown as Record<string, unknown>, name, call)
    }
  }

  #timers(): void {
    const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } =
      globalThis
    type Callback = (...args: unknown[]) => void
    const once = (ms: number, fn: Callback, args: unknown[]): object | undefined => {
      const stand = simulated()
      if (stand === undefined) return undefined
      const timer = stand.after(ms, () => fn(...args))
      return timerOf(() => timer.stop())
    }
    const again = (ms: number, fn: Callback, args: unknown[]): object | undefined => {
      const stand = simulated()
      if (stand === undefined) return undefined
      let timer = stand.after(ms, tick)
      function tick(): void {
        timer = (stand as NonNullable<typeof stand>).after(ms, tick)
        fn(...args)
      }
      return timerOf(() => timer.stop())
    }
    const stop =
      (real: (timer: never) => void) =>
      (timer: unknown): void => {
        if (timer instanceof HostTimer) timer.stop()
        else real(timer as never)
      }
    const put = (key: string, value: unknown): void =>
      this.#replace(globalThis as unknown as Record<string, unknown>, key, value)
    put(
      "setTimeout",
      (fn: Callback, ms = 0, ...args: unknown[]) =>
        once(Math.max(1, ms), fn, args) ?? setTimeout(fn, ms, ...args),
    )
    put(
      "setInterval",
      (fn: Callback, ms = 0, ...args: unknown[]) =>
        again(Math.max(1, ms), fn, args) ?? setInterval(fn, ms, ...args),
    )
    put(
      "setImmediate",
      (fn: Callback, ...args: unknown[]) => once(0, fn, args) ?? setImmediate(fn, ...args),
    )
    put("clearTimeout", stop(clearTimeout as (timer: never) => void))
    put("clearInterval", stop(clearInterval as (timer: never) => void))
    put("clearImmediate", stop(clearImmediate as (timer: never) => void))
  }

  /** A join asks nobody whether it is explored: that would cost as much as the fork. */
  #joins(): void {
    const { join } = parallel
    const joined = (...calls: unknown[]): unknown => {
      const stand = simulated()
      return stand === undefined ? Reflect.apply(join, parallel, calls) : stand.play("join", calls)
    }
    this.#replace(parallel as { join: unknown }, "join", joined)
  }

  #rejections(): void {
    const event = "unhandledRejection"
    const before = process.rawListeners(event)
    const listener = (reason: unknown): void => {
      if (isLeave(reason)) return
      this.found ??= {
        kind: "unhandled error",
        message: `a promise rejects with ${reason}, and nobody handles it`,
        cause: reason,
      }
    }
    process.removeAllListeners(event)
    process.on(event, listener)
    this.#undo.push(() => {
      process.removeListener(event, listener)
      for (const one of before) process.on(event, one as (reason: unknown) => void)
    })
  }
}

/** A timer of the host, simulated. */
class HostTimer {
  readonly stop: () => void

  constructor(stop: () => void) {
    this.stop = stop
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  [Symbol.dispose](): void {
    this.stop()
  }
}

function timerOf(stop: () => void): HostTimer {
  return new HostTimer(stop)
}

/** Loops over all cores: `parallel.map` and its kin. */
import { shown } from "../internal/wire/shown.ts"
import type { Items } from "./chunk-source.ts"
import { join } from "./join.ts"
import type { JoinCalls, JoinResults } from "./join-types.ts"
import { type ParallelOptions, run } from "./parallel-loop.ts"
import { Chosen, Forgotten, Merged, mapSink } from "./parallel-results.ts"
import type { TaskResult } from "./task.ts"

/** What a parallel loop calls for each item. */
type Visit<T, R> = (item: T, index: number) => R

/**
 * `fn` of every item, on all cores; the results in the order of the items.
 *
 * `items` is an array, a typed array, or anything iterable, also asynchronously: then no more is
 * taken from it than is being worked on. Numbers and typed arrays are handed over side by side,
 * views of a `SharedArrayBuffer` as themselves, all other values are copied. `fn` may be sync,
 * async or a generator function; the calls of one chunk that are async run at the same time.
 *
 * The first error cancels what has not begun and rejects the loop; its `index` is that of the item.
 * With `ordered: false` results stand in the order in which their chunks ended.
 * Costs about 20 nanoseconds for a number, a microsecond for a small object, beside `fn` itself.
 *
 * @throws {NotSendableError} naming the item or result that cannot be sent
 * @throws {TaskCancelledError} when `signal` aborts
 * @example
 * console.log(await parallel.map([1, 2, 3], (n: number) => n * n)) // prints: [ 1, 4, 9 ]
 */
function map<T, R>(
  items: Items<T>,
  fn: Visit<T, R>,
  options: ParallelOptions = {},
): Promise<TaskResult<Visit<T, R>>[]> {
  return run({
    operation: "map",
    items,
    fn,
    options,
    sink: (total) => mapSink<TaskResult<Visit<T, R>>>(total, options.ordered !== false),
  })
}

/**
 * Calls `fn` with every item, on all cores, for what it does. As `parallel.map`, without results.
 *
 * @example
 * await parallel.forEach(["a", "b"], (name: string) => void name.length)
 */
async function forEach<T>(
  items: Items<T>,
  fn: Visit<T, unknown>,
  options: ParallelOptions = {},
): Promise<void> {
  await run({ operation: "forEach", items, fn, options, sink: () => new Forgotten() })
}

/**
 * The items for which `fn` says something true, in order: the items themselves, not copies.
 * As `parallel.map` otherwise.
 *
 * @example
 * console.log(await parallel.filter([1, 2, 3, 4], (n: number) => n % 2 === 0)) // prints: [ 2, 4 ]
 */
function filter<T>(
  items: Items<T>,
  fn: Visit<T, unknown>,
  options: ParallelOptions = {},
): Promise<T[]> {
  return run({
    operation: "filter",
    items,
    fn,
    options,
    sink: () => new Chosen<T>(options.ordered !== false),
  })
}

/**
 * Folds all items into one value: each chunk with `fn(folded, item, index)`, beginning with `init`;
 * then `merge(a, b)` joins what the chunks came to, here, in order (with `ordered: false` as they
 * come).
 *
 * `init` counts once per chunk, so it must not change what it is merged with: 0 for a sum, an empty
 * array for a list. Without items the result is `init`. As `parallel.map` otherwise.
 *
 * @example
 * const sum = (folded: number, n: number) => folded + n
 * console.log(await parallel.reduce([1, 2, 3], sum, (a, b) => a + b, 0)) // prints: 6
 */
async function reduce<T, A>(
  items: Items<T>,
  fn: (folded: A, item: T, index: number) => A | PromiseLike<A>,
  merge: (a: A, b: A) => A,
  init: A,
  options: ParallelOptions = {},
): Promise<A> {
  if (typeof merge !== "function") {
    throw new TypeError(`parallel.reduce needs a function to merge, received ${shown(merge)}`)
  }
  return run({
    operation: "reduce",
    items,
    fn,
    init,
    options,
    sink: () => new Merged(init, merge, options.ordered !== false),
  })
}

/**
 * Calls functions at the same time and gives their results: fork and join, synchronously. Each
 * function is followed by its arguments: `parallel.join(fib, n - 1, fib, n - 2)`; any number of
 * them.
 *
 * The first call runs here. The others wait, and run here too, unless an isolate is idle and takes
 * the oldest that waits anywhere; so work spreads from the root of a tree of joins. While a call
 * runs elsewhere this thread is blocked: it runs other isolates' forks, and nothing else.
 *
 * Functions are synchronous and have names that other isolates know, as for `go`. Arguments and
 * results of a call that runs elsewhere are copied; one whose arguments cannot be sent runs here.
 * The first error by position is thrown, when none of the calls runs any more; the calls after it
 * may not have been made. Costs a few nanoseconds a call while nobody is idle, with one number
 * each; 50 otherwise.
 *
 * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
 * allowed it
 * @throws {IsolateDiedError} when the isolate died that ran one of the calls
 * @example
 * export const fib = task(import.meta.url, "fib", (n: number): number => {
 *   if (n < 2) return n
 *   const [x, y] = parallel.join(fib, n - 1, fib, n - 2)
 *   return x + y
 * })
 */
const joined = join as <T extends readonly unknown[]>(...calls: T & JoinCalls<T>) => JoinResults<T>

/** Loops and calls spread over all cores. */
export const parallel = { map, forEach, filter, reduce, join: joined } as const

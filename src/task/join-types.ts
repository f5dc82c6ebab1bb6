/** The types of `parallel.join`: functions, each followed by its arguments. */

type AnyFunction = (...args: never[]) => unknown

/** What stands before the next function. */
type Arguments<T extends readonly unknown[]> = T extends readonly [infer H, ...infer R]
  ? H extends AnyFunction
    ? []
    : [H, ...Arguments<R>]
  : []

/** What stands from the next function on. */
type Rest<T extends readonly unknown[]> = T extends readonly [infer H, ...infer R]
  ? H extends AnyFunction
    ? T
    : Rest<R>
  : []

/** What the calls should be, as far as they are right. */
export type JoinCalls<T extends readonly unknown[]> = T extends readonly [
  infer F extends AnyFunction,
  ...infer R,
]
  ? Arguments<R> extends Parameters<F>
    ? [F, ...Arguments<R>, ...(Rest<R> extends readonly [] ? [] : JoinCalls<Rest<R>>)]
    : [F, ...Parameters<F>, ...unknown[]]
  : [AnyFunction, ...unknown[]]

/** One result for each function. */
export type JoinResults<T extends readonly unknown[]> = T extends readonly [infer H, ...infer R]
  ? H extends AnyFunction
    ? [ReturnType<H>, ...JoinResults<R>]
    : JoinResults<R>
  : []

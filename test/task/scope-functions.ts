/** Functions that the tests of scopes run in other isolates. */
import { current, scope, task } from "../../src/task/index.ts"

export const double = task(import.meta.url, "double", (n: number): number => n * 2)

export const fails = task(import.meta.url, "fails", (message: string): never => {
  throw new RangeError(message)
})

/** Ends when it is cancelled, some turns later. */
export const untilCancelled = task(import.meta.url, "untilCancelled", async (): Promise<void> => {
  const { signal } = current()
  while (!signal.aborted) await current().yield()
  for (let i = 0; i < 20; i++) await current().yield()
})

/** Does not listen to anybody. */
export const forever = task(import.meta.url, "forever", (): void => {
  for (;;);
})

/** A scope inside a task: ends when the task is cancelled. */
export const scopeUntilCancelled = task(
  import.meta.url,
  "scopeUntilCancelled",
  async (): Promise<void> => {
    await scope(async (s) => {
      await s.go(untilCancelled)
    })
  },
)

/** The sum of squares of two halves, in a scope of its own. */
export const doubleBoth = task(
  import.meta.url,
  "doubleBoth",
  (a: number, b: number): Promise<number> =>
    scope(async (s) => {
      const x = s.go(double, a)
      const y = s.go(double, b)
      return (await x) + (await y)
    }),
)

import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { TaskCancelledError, TimeoutError } from "../../src/errors.ts"
import { current, go, type Scope, scope, type Task } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import {
  double,
  doubleBoth,
  fails,
  forever,
  scopeUntilCancelled,
  untilCancelled,
} from "./scope-functions.ts"
import { errorOf } from "./support.ts"

async function running(task: Task<unknown>): Promise<void> {
  while (task.state === "queued") await turn()
}

test("a scope gives its body's value when all children have ended", async () => {
  let child: Task<number> | undefined
  const value = await scope((s) => {
    child = s.go(double, 4)
    return "done"
  })
  assert.equal(value, "done")
  assert.equal(child?.state, "completed")
  assert.equal(await child, 8)
})

test("a scope without children gives its body's value", async () => {
  assert.equal(await scope(() => 1), 1)
  assert.equal(await scope(async () => 2), 2)
})

test("the first failure cancels the others; all have ended when the scope rejects", async () => {
  let waiting: Task<void> | undefined
  await assert.rejects(
    scope(async (s) => {
      waiting = s.go(untilCancelled)
      await running(waiting)
      s.go(fails, "first")
    }),
    { name: "RangeError", message: "first" },
  )
  assert.equal(pending.count, 0)
  assert.equal(waiting?.state, "cancelled")
  await assert.rejects(
    async () => waiting,
    (error: TaskCancelledError) => {
      assert.ok(error instanceof TaskCancelledError)
      assert.equal((error.reason as Error).message, "first")
      return true
    },
  )
})

test("the body learns of a failure through the signal", async () => {
  let reason: unknown
  await assert.rejects(
    scope(async (s) => {
      s.go(fails, "told")
      while (!s.signal.aborted) await turn()
      assert.equal(current().signal.aborted, true)
      reason = s.signal.reason
      throw new Error("a later error is not the scope's")
    }),
    { name: "RangeError", message: "told" },
  )
  assert.equal((reason as Error).message, "told")
})

test("an error thrown by the body cancels the children", async () => {
  await assert.rejects(
    scope(async (s) => {
      await running(s.go(untilCancelled))
      throw new SyntaxError("body")
    }),
    { name: "SyntaxError", message: "body" },
  )
  assert.equal(pending.count, 0)
})

test("a child that the body awaits and catches has failed the scope all the same", async () => {
  await assert.rejects(
    scope(async (s) => {
      await s.go(fails, "caught").catch(() => undefined)
      return 1
    }),
    { message: "caught" },
  )
})

test("a child cancelled by itself is no failure", async () => {
  const value = await scope(async (s) => {
    const child = s.go(untilCancelled)
    await running(child)
    child.cancel("enough")
    return s.go(double, 1)
  })
  assert.equal(value, 2)
  assert.equal(pending.count, 0)
})

test("a child that is late fails the scope", async () => {
  await assert.rejects(
    scope((s) => {
      s.go.with({ timeoutMs: 1 })(untilCancelled)
    }),
    TimeoutError,
  )
})

test("timeoutMs cancels the children and rejects", async () => {
  await assert.rejects(
    scope(
      (s) => {
        s.go(untilCancelled)
      },
      { timeoutMs: 5 },
    ),
    (error: TimeoutError) => error instanceof TimeoutError && error.timeoutMs === 5,
  )
  assert.equal(pending.count, 0)
})

test("a cancelled scope does not wait for a body that never ends", async () => {
  const never = new Promise<void>(() => undefined)
  await assert.rejects(
    scope(() => never, { timeoutMs: 1 }),
    TimeoutError,
  )
})

test("signal cancels the scope with its reason", async () => {
  const controller = new AbortController()
  const ended = scope(
    async (s) => {
      await running(s.go(untilCancelled))
      controller.abort("not needed")
    },
    { signal: controller.signal },
  )
  await assert.rejects(
    ended,
    (error: TaskCancelledError) =>
      error instanceof TaskCancelledError && error.reason === "not needed",
  )
  assert.equal(pending.count, 0)
})

test("a scope says that it was cancelled; what a signal gives is left as it is", async () => {
  const reason = new RangeError("enough")
  const gone = errorOf<TaskCancelledError>(
    scope(() => undefined, { signal: AbortSignal.abort(reason) }),
  )
  assert.match((await gone).message, /^scope was cancelled: .*enough/)
  const signal = AbortSignal.timeout(1)
  const children: Promise<unknown>[] = []
  const late = scope(
    (s) => {
      for (let i = 0; i < 2; i++) children.push(s.go(untilCancelled))
    },
    { signal },
  )
  const error = await errorOf(late)
  const { stack } = error
  assert.equal(error, signal.reason)
  for (const child of children) assert.equal(await errorOf(child), error)
  assert.equal(error.stack, stack)
})

test("with a signal that has aborted before, the body does not run", async () => {
  let ran = false
  const body = (): void => {
    ran = true
  }
  await assert.rejects(scope(body, { signal: AbortSignal.abort() }), TaskCancelledError)
  assert.equal(ran, false)
})

test("scopes nest: the inner one is cancelled with the outer one", async () => {
  let inner: Promise<void> | undefined
  await assert.rejects(
    scope(async (s) => {
      inner = scope(async (t) => {
        await running(t.go(untilCancelled))
        s.go(fails, "outer")
        await t.go(untilCancelled)
      })
      await inner
    }),
    { message: "outer" },
  )
  await assert.rejects(async () => inner, TaskCancelledError)
  while (pending.count > 0) await turn()
})

test("a failure of an inner scope that is caught leaves the outer one alone", async () => {
  const value = await scope(async (s) => {
    await assert.rejects(
      scope((t) => {
        t.go(fails, "inner")
      }),
      { message: "inner" },
    )
    return s.go(double, 5)
  })
  assert.equal(value, 10)
})

test("a scope inside a task", async () => {
  assert.equal(await go(doubleBoth, 3, 4), 14)
})

test("a scope inside a task is cancelled with the task", async () => {
  const task = go(scopeUntilCancelled)
  await running(task)
  task.cancel()
  await assert.rejects(async () => task, TaskCancelledError)
  while (pending.count > 0) await turn()
})

test("kill ends the isolate of a child that does not listen", async () => {
  await assert.rejects(
    scope(async (s) => {
      await running(s.go.with({ kill: true })(forever))
      throw new Error("stop it")
    }),
    { message: "stop it" },
  )
  assert.equal(pending.count, 0)
})

test("what cannot be sent fails the scope", async () => {
  await assert.rejects(
    scope((s) => {
      s.go(double, Symbol("x") as unknown as number)
    }),
    { code: "ERR_HEDDLE_NOT_SENDABLE" },
  )
})

test("a scope that has ended starts nothing", async () => {
  let kept: Scope | undefined
  await scope((s) => {
    kept = s
  })
  assert.throws(() => kept?.go(double, 1), /has ended/)
})

test("a caller's mistakes are named", async () => {
  await assert.rejects(scope(1 as unknown as () => void), /function, received 1/)
  await assert.rejects(
    scope(() => undefined, { timeoutMs: -1 }),
    /timeoutMs must be .*received -1/,
  )
  await assert.rejects(
    scope(() => undefined, { timeout: 1 } as object),
    /no option timeout/,
  )
  await assert.rejects(
    scope(() => undefined, { signal: 1 } as object),
    /scope takes an AbortSignal as signal, received 1/,
  )
})

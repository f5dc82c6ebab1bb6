import assert from "node:assert/strict"
import { createServer } from "node:http"
import { Session } from "node:inspector"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add, fetches, serves, ticks } from "./fixtures/functions.ts"

await start({ isolates: 2 })

test("timers of an idle isolate go on", async () => {
  const told = sharedArray(Int32Array, 1)
  await go.with({ on: 1 })(ticks, told)
  const before = Atomics.load(told, 0)
  while (Atomics.load(told, 0) < before + 5) await turn()
})

test("sockets of an idle isolate are served, from main and from isolates", async () => {
  const port = await go.with({ on: 1 })(serves)
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "isolate 1")
  assert.equal(await go.with({ on: 2 })(fetches, port), "isolate 1")
})

test("fetch in an isolate reaches main, which waits for its task", async () => {
  const server = createServer((_request, response) => response.end("from main"))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  assert.equal(await go(fetches, port), "from main")
  server.closeAllConnections()
  server.close()
})

test("the inspector reaches an idle isolate", async () => {
  const session = new Session()
  session.connect()
  const answered = Promise.withResolvers<unknown>()
  session.on("NodeWorker.attachedToWorker" as never, (event: { params: { sessionId: string } }) => {
    const message = JSON.stringify({
      id: 1,
      method: "Runtime.evaluate",
      params: { expression: "6 * 7" },
    })
    const { sessionId } = event.params
    session.post("NodeWorker.sendMessageToWorker" as never, { sessionId, message } as never)
  })
  session.on(
    "NodeWorker.receivedMessageFromWorker" as never,
    (event: { params: { message: string } }) => {
      const { id, result } = JSON.parse(event.params.message)
      if (id === 1) answered.resolve(result.result.value)
    },
  )
  session.post("NodeWorker.enable" as never, { waitForDebuggerOnStart: false } as never)
  assert.equal(await answered.promise, 42)
  session.disconnect()
  assert.equal(await go(add, 1, 2), 3)
})

/** Python in a real browser: interpreters in threads of a page, and a pool of them. */
import assert from "node:assert/strict"
import { it } from "node:test"
import { calling, inPage } from "./in-page.ts"

/** What an interpreter needs of its package only when nothing was kept. */
const LIBRARY = "/pyodide/python_stdlib.zip"

await inPage("python", (at) => {
  it("starts an interpreter", async () => {
    assert.equal(await at.run("begins"), Math.SQRT2)
    assert.ok(at.requested.includes(LIBRARY))
  })

  it("has a further interpreter, and queues between the two", async () => {
    assert.equal(await at.run("job", "second"), 499500)
  })

  it("runs InterpreterPoolExecutor", async () => {
    assert.deepEqual(await at.run("job", "pool"), [2584, 4181, 6765, 10946])
  })

  it("runs its interpreters at the same time", async () => {
    assert.deepEqual(await at.run("job", "meeting"), ["here", "here"])
  })

  it("has threads, which take turns", async () => {
    assert.deepEqual(await at.run("job", "threads"), [0, 2, 4, 6, 8])
  })

  it("bounds recursion", async () => {
    assert.equal(await at.run("job", "deeper"), "RecursionError")
  })

  it("hears what is printed and raised", async () => {
    assert.equal(await at.run("prints"), "grüße 42\n")
    assert.equal(await at.run("raises"), "KeyError: 'key'")
  })

  it("starts one for another isolate", async () => {
    assert.equal(await at.run("fromIsolate"), 9)
  })

  it("interrupts a loop, and ends one", async () => {
    const ended = ["KeyboardInterrupt", "ERR_HEDDLE_INTERPRETER_ENDED", "it was terminated"]
    assert.deepEqual(await at.run("stops"), ended)
  })

  it("keeps the image for the next visit", async () => {
    await at.run("whenKept")
    const before = at.requested.filter((path) => path === LIBRARY).length
    const next = await at.open()
    assert.equal(await next.evaluate(calling("begins")), Math.SQRT2)
    assert.equal(at.requested.filter((path) => path === LIBRARY).length, before)
  })

  it("says that the page does not name the package", async () => {
    const without = await at.open({ packages: false })
    await assert.rejects(without.evaluate(calling("begins")), /PythonMissingError/)
  })
})

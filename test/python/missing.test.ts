import assert from "node:assert/strict"
import { availableParallelism } from "node:os"
import { after, describe, it } from "node:test"
import { interpreter } from "../../src/python/index.ts"

describe("what WebAssembly cannot have", async () => {
  const py = await interpreter()
  after(() => py.terminate())
  await py.exec(`
import os, sys

def failing(code):
    try:
        exec(code, {})
    except Exception as error:
        return [type(error).__name__, str(error)]
`)
  const failing = (code: string) => py.call(":failing", code) as Promise<[string, string]>

  const modules: [name: string, reason: RegExp][] = [
    ["_multiprocessing", /one process.*InterpreterPoolExecutor/],
    ["curses", /no terminal/],
    ["tkinter", /no windows/],
    ["resource", /no operating system/],
    ["pip", /unpack pure Python ones into a folder/],
    ["numpy", /compiled parts.*built for Pyodide/],
  ]
  for (const [name, reason] of modules) {
    it(`says why there is no ${name}, and what to do`, async () => {
      const [type, message] = await failing(`import ${name}`)
      assert.equal(type, "ModuleNotFoundError")
      assert(message.startsWith(`No module named '${name}': `), message)
      assert.match(message, reason)
    })
  }

  it("says what CPython says of any other module", async () => {
    const told = ["ModuleNotFoundError", "No module named 'no_such'"]
    assert.deepEqual(await failing("import no_such"), told)
  })

  it("lets programs ask whether a module is there", async () => {
    await py.exec("import importlib.util\nassert importlib.util.find_spec('numpy') is None")
    await py.exec("try:\n  import curses\nexcept ImportError:\n  pass")
  })

  it("names the file that was compiled for another machine", async () => {
    await py.exec(`
os.makedirs("/tmp/here/pack"); sys.path.append("/tmp/here")
open("/tmp/here/pack/__init__.py", "w").close()
open("/tmp/here/pack/_speed.cpython-314-x86_64-linux-gnu.so", "w").close()
`)
    const [, message] = await failing("import pack._speed")
    assert.match(message, /pack\/_speed\.cpython-314-x86_64-linux-gnu\.so is compiled for another/)
  })

  const calls: [code: string, type: string, reason: RegExp][] = [
    ["import os; os.fork()", "OSError", /os\.fork: WebAssembly has one process/],
    ["import os; os.system('true')", "OSError", /os\.system: WebAssembly has one process/],
    ["import multiprocessing as m; m.Process().start()", "ModuleNotFoundError", /one process/],
    [
      "import concurrent.futures as f; f.ProcessPoolExecutor()",
      "NotImplementedError",
      /ProcessPoolExecutor: WebAssembly has one process.*InterpreterPoolExecutor/,
    ],
    [
      "import asyncio as a; a.run(a.open_connection('127.0.0.1', 1))",
      "OSError",
      /asyncio: WebAssembly has no sockets/,
    ],
    [
      "import asyncio as a; a.run(a.open_connection('example.org', 1))",
      "gaierror",
      /WebAssembly has no sockets/,
    ],
    [
      "import zoneinfo; zoneinfo.ZoneInfo('Europe/Oslo')",
      "ZoneInfoNotFoundError",
      /Europe\/Oslo: heddle run sees those of the host.*tzdata/,
    ],
    ["import socket; socket.create_connection(('127.0.0.1', 1))", "OSError", /no sockets/],
    ["import socket; socket.socket().listen()", "OSError", /no sockets.*channel/],
    ["import socket; socket.getaddrinfo('example.org', 80)", "gaierror", /no sockets/],
  ]
  for (const [code, type, reason] of calls) {
    it(`refuses ${code.split("; ")[1]}`, async () => {
      const [name, message] = await failing(code)
      assert.equal(name, type)
      assert.match(message, reason)
    })
  }

  it("counts the cores", async () => {
    assert.equal(await py.call("os:cpu_count"), availableParallelism())
    assert.equal(await py.call("os:process_cpu_count"), availableParallelism())
  })
})

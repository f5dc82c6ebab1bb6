/** What a page does with Python. */
import { go, PythonError } from "heddle"
import { type Interpreter, interpreter } from "heddle/python"

const JOBS = `
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def meet(mine, others):
    mine.put("here")
    return others.get(timeout=60)

def pool():
    with InterpreterPoolExecutor(max_workers=2) as executor:
        return list(executor.map(fib, [18, 19, 20, 21]))

def meeting():
    a, b = interpreters.create_queue(), interpreters.create_queue()
    with InterpreterPoolExecutor(max_workers=2) as executor:
        return list(executor.map(meet, [a, b], [b, a]))

def threads():
    import queue
    import threading
    there, back = queue.Queue(), queue.Queue()
    def echo():
        while (item := there.get()) is not None:
            back.put(item * 2)
    thread = threading.Thread(target=echo)
    thread.start()
    for n in range(5):
        there.put(n)
    there.put(None)
    thread.join()
    return [back.get() for _ in range(5)]

def second():
    interp = interpreters.create()
    queue = interpreters.create_queue()
    interp.prepare_main(queue=queue)
    interp.exec("queue.put(sum(range(1000)))")
    got = queue.get()
    interp.close()
    return got

def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)

def deeper():
    try:
        return deep(10**9)
    except RecursionError:
        return "RecursionError"
`

let py: Interpreter
let written = ""

export async function begins(): Promise<unknown> {
  const stdout = (text: string): void => {
    written += text
  }
  py = await interpreter({ files: { "jobs.py": JOBS }, stdout })
  return await py.call("math:sqrt", 2)
}

/** A function of the module above. */
export async function job(name: string): Promise<unknown> {
  return await py.call(`jobs:${name}`)
}

export async function prints(): Promise<unknown> {
  await py.exec("print('grüße', 6 * 7)")
  return written
}

export async function raises(): Promise<unknown> {
  return await py.exec("{}['key']").catch((error) => error instanceof PythonError && error.message)
}

/** Resolves when Python has written a line. */
async function wrote(line: string): Promise<void> {
  while (!written.endsWith(`${line}\n`)) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A loop that nothing ends is interrupted, and then another one is ended with its interpreter. */
export async function stops(): Promise<unknown> {
  const loop = py.exec("print('runs')\nwhile True: pass").catch((error) => error.type)
  await wrote("runs")
  py.interrupt()
  const interrupted = await loop
  const again = py.exec("print('loops')\nwhile True: pass").catch((error) => error.code)
  await wrote("loops")
  py.terminate()
  return [interrupted, await again, await py.ended]
}

export async function fromIsolate(): Promise<unknown> {
  return await go(async () => {
    const own = await interpreter()
    const root = await own.call("math:sqrt", 81)
    await own[Symbol.asyncDispose]()
    return root
  })
}

/** What a page knows of caches, which are no part of the project's types. */
declare const caches: {
  open(name: string): Promise<{ keys(): Promise<{ readonly url: string }[]> }>
}

/** Resolves when the files that all interpreters start from are kept. */
export async function whenKept(): Promise<void> {
  const cache = await caches.open("heddle")
  while (!(await cache.keys()).some(({ url }) => url.endsWith("/contents.json")))
    await new Promise((resolve) => setTimeout(resolve, 20))
}

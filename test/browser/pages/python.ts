/** What a page does with Python. */
import { type Interpreter, interpreter } from "heddle/python"

let py: Interpreter

export async function begins(): Promise<unknown> {
  py = await interpreter()
  return await py.call("math:sqrt", 2)
}

export async function second(): Promise<unknown> {
  await py.exec(`
from concurrent import interpreters
interp = interpreters.create()
queue = interpreters.create_queue()
interp.prepare_main(queue=queue)
interp.exec("queue.put(sum(range(1000)))")
got = queue.get()
interp.close()
`)
  return await py.call("eval", "got")
}

import assert from "node:assert/strict"
import { it } from "node:test"
import { interpreter } from "../../src/python/index.ts"

const LONG = process.env.HEDDLE_LONG === "1"

/** Workers end in one of these ways at some item, while they have items in two queues. */
const WAYS = {
  "os._exit": "os._exit(7)",
  "a wild pointer": "ctypes.string_at(0xfffffff0, 64)",
  "an exception": "1 / 0",
  "memory used up": "bytearray(1 << 30)",
  "its last reference": "return",
}

const SETUP = `
import random, threading, time
from concurrent import interpreters
from concurrent.interpreters._queues import ItemInterpreterDestroyed, UNBOUND, UNBOUND_REMOVE

WORKER = """
import ctypes, os, threading
lock = threading.Lock()
def work(todo, done, kept, last):
    while True:
        item = todo.get()
        if item is None:
            return 'enough'
        with lock:
            kept.put(('unread', item))
            done.put(item, unbounditems=policy)
            if item >= last:
                {way}
"""

def worker(way, todo, done, kept, last, policy, ends):
    interp = interpreters.create()
    try:
        interp.exec(WORKER.replace("{way}", way))
        interp.prepare_main(todo=todo, done=done, kept=kept)
        interp.exec(f"from concurrent.interpreters._queues import {policy} as policy")
        interp.exec(f"work(todo, done, kept, {last})")
        ends.append("returned")
    except interpreters.ExecutionFailed as failure:
        ends.append(failure.excinfo.type.__name__)
    except interpreters.InterpreterError:
        ends.append("died")
    try:
        interp.close()
    except interpreters.InterpreterError:
        pass

def drain(queue):
    got = []
    while True:
        try:
            got.append(queue.get_nowait())
        except interpreters.QueueEmpty:
            return got
        except ItemInterpreterDestroyed:
            got.append("error")

def scene(ways, seed):
    """Some workers on the same queues, each of which dies in its way; nobody may wait for ever."""
    chance = random.Random(seed)
    todo = interpreters.create_queue(maxsize=3)
    done, kept = interpreters.create_queue(), interpreters.create_queue(unbounditems=UNBOUND_REMOVE)
    ends, threads = [], []
    for way in ways:
        policy = chance.choice(["UNBOUND", "UNBOUND_REMOVE", "UNBOUND_ERROR"])
        args = (way, todo, done, kept, chance.randint(1, 4), policy, ends)
        threads.append(threading.Thread(target=worker, args=args))
    for thread in threads:
        thread.start()
    item = 0
    while any(thread.is_alive() for thread in threads):
        item += 1
        try:
            todo.put(item, timeout=0.05)
        except interpreters.QueueFull:
            pass
    seen = drain(done)
    # What the dead had put and nobody took is there no more, or without its value.
    assert all(one in (UNBOUND, "error") for one in seen), seen
    assert drain(kept) == [], "items of the dead were to be removed"
    # The queues are as good as new.
    drain(todo)
    for n in range(3):
        todo.put(n)
    assert drain(todo) == [0, 1, 2]
    return ends
`

it("whoever dies with items and locks in its hands leaves nobody waiting", async () => {
  await using py = await interpreter({ memoryBytes: 96 << 20, stderr: () => {} })
  await py.exec(SETUP)
  const ways = Object.values(WAYS)
  const rounds = LONG ? 40 : 2
  for (let seed = 1; seed <= rounds; seed++) {
    const chosen = seed === 1 ? ways.slice(0, 3) : seed === 2 ? ways.slice(3) : ways
    const ends = (await py.call(":scene", chosen, seed)) as string[]
    assert.equal(ends.length, chosen.length)
    const expected = ["died", "died", "ZeroDivisionError", "MemoryError", "returned"]
    const wanted = chosen.map((way) => expected[ways.indexOf(way)])
    assert.deepEqual(ends.toSorted(), wanted.toSorted())
  }
  assert.equal(await py.call(":len", [1]), 1)
})

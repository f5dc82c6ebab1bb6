import assert from "node:assert/strict"
import { test } from "node:test"
import { cells } from "../../../src/internal/loop/cell.ts"
import { acquire, here } from "../../../src/internal/loop/here.ts"
import { move } from "../../../src/internal/wire/move.ts"
import { sendable } from "../../../src/internal/wire/sendable.ts"
import { registerKind, Shareable } from "../../../src/internal/wire/shareable.ts"

const at = here()

/** A handle of which is counted what the messages that carry it own. */
class Lamp extends Shareable {
  readonly kindId = 7001
  readonly number: number
  constructor(number: number) {
    super()
    this.number = number
  }
}

const flying = new Map<number, number>()

function fly(number: number, by: number): void {
  flying.set(number, (flying.get(number) ?? 0) + by)
}

registerKind<Lamp>({
  id: 7001,
  name: "Lamp",
  handleOf: (value) => (value instanceof Lamp ? value.number : 0),
  retain: (number) => fly(number, 1),
  revive(number) {
    fly(number, -1)
    return new Lamp(number)
  },
  release: (number) => fly(number, -1),
})

function cell(): number {
  return acquire(at, 64)
}

function send(into: number, value: unknown): void {
  const tag = cells().prepare(value, "value")
  cells().put(into, tag, value)
  cells().commit(tag)
}

test("scalars lie in the cell, everything else in a block that take releases", () => {
  const into = cell()
  for (const value of [undefined, null, true, false, 0, -0, 7, -7, 2 ** 31, 0.5, NaN]) {
    send(into, value)
    assert.ok(Object.is(cells().take(into), value))
  }
  for (const value of ["", "text", 10n, [1, "2"], { a: { b: new Map([[1, 2]]) } }]) {
    send(into, value)
    assert.deepEqual(cells().look(into), value)
    assert.deepEqual(cells().take(into), value)
  }
})

test("a value larger than the scratch block, and one far larger", () => {
  const into = cell()
  for (const length of [20_000, 300_000, 5_000_000]) {
    const value = { text: "x".repeat(length), end: length }
    send(into, value)
    assert.deepEqual(cells().take(into), value)
  }
})

test("a large value takes no more than it needs, and may fill what memory is left", () => {
  const into = cell()
  const used = (): number => at.arena.statistics().usedBytes
  send(into, { text: "x".repeat(20_000) })
  cells().take(into)
  const before = used()
  const text = "x".repeat(9_000_000)
  send(into, text)
  assert.ok(used() - before < 9_000_000 + (128 << 10), `${used() - before} bytes`)
  assert.equal(cells().take(into), text)
  assert.equal(used(), before)
  const { totalBytes } = at.arena.statistics()
  const most = acquire(at, totalBytes - before - (20 << 20))
  send(into, text)
  assert.equal(cells().take(into), text)
  assert.throws(() => send(into, text.repeat(3)), { code: "ERR_HEDDLE_OUT_OF_SHARED_MEMORY" })
  at.arena.release(most)
  assert.equal(used(), before)
})

test("a getter that sends in the middle of an encoding does not disturb it", () => {
  const inner = cell()
  const outer = cell()
  const filler = "inner ".repeat(1000)
  const value = {
    before: "b".repeat(100),
    get middle() {
      send(inner, { filler, list: [1, 2, 3] })
      return cells().take(inner)
    },
    after: "a".repeat(100),
  }
  for (let i = 0; i < 3; i++) {
    send(outer, value)
    assert.deepEqual(cells().take(outer), {
      before: "b".repeat(100),
      middle: { filler, list: [1, 2, 3] },
      after: "a".repeat(100),
    })
  }
})

test("neither does an encode function that sends, nested, with values that stay in cells", () => {
  class Note {
    readonly depth: number
    constructor(depth: number) {
      this.depth = depth
    }
  }
  const kept: number[] = []
  sendable(Note, {
    id: "cell.test/Note",
    encode: ({ depth }) => {
      if (depth > 0) {
        const own = cell()
        send(own, { note: new Note(depth - 1), text: `sent at ${depth}`.repeat(50) })
        kept.push(own)
      }
      return depth
    },
    decode: (depth) => new Note(depth),
  })
  const outer = cell()
  const value = [new Note(3), "x".repeat(500), new Note(2)]
  send(outer, value)
  assert.deepEqual(cells().take(outer), value)
  for (const own of kept) {
    const { note, text } = cells().take(own) as { note: Note; text: string }
    assert.equal(text, `sent at ${note.depth + 1}`.repeat(50))
  }
  assert.equal(kept.length, 3 + 2)
})

test("what is prepared and not sent leaves no block behind", () => {
  const value = { text: "x".repeat(3000) }
  const blocks = new Set<number>()
  for (let i = 0; i < 1000; i++) {
    const tag = cells().prepare(value, "value")
    blocks.add(cells().payload)
    cells().unprepare(tag)
  }
  assert.ok(blocks.size < 100)
})

test("a cell that is emptied again, for one who died doing it, gives its block back once", () => {
  const bytes = 1000
  const into = cell()
  send(into, "x".repeat(bytes))
  cells().empty(into)
  cells().empty(into)
  assert.notEqual(acquire(at, bytes), acquire(at, bytes))
})

test("a handle lies in the cell; what it names is referred to as long as it does", () => {
  const into = cell()
  const before = at.arena.statistics().usedBytes
  send(into, new Lamp(5))
  assert.equal(at.arena.statistics().usedBytes, before)
  assert.equal(flying.get(5), 1)
  assert.equal(cells().pending(into), false)
  assert.equal(cells().staysForAll(into), true)
  assert.equal((cells().copy(into) as Lamp).number, 5)
  assert.equal(flying.get(5), 1)
  assert.equal((cells().take(into) as Lamp).number, 5)
  assert.equal(flying.get(5), 0)
  send(into, new Lamp(5))
  cells().empty(into)
  cells().empty(into)
  assert.equal(flying.get(5), 0)
  const tag = cells().prepare(new Lamp(5), "value")
  assert.equal(cells().carries(tag), true)
  assert.equal(cells().moves(tag), false)
  cells().unprepare(tag)
  assert.equal(flying.get(5), 0)
})

test("a handle whose number is no int32, or that is moved, crosses all the same", () => {
  const into = cell()
  for (const number of [2 ** 31, 2 ** 40 + 1]) {
    send(into, new Lamp(number))
    assert.equal((cells().take(into) as Lamp).number, number)
    assert.equal(flying.get(number), 0)
  }
  const given = move(new Lamp(6))
  const tag = cells().prepare(given, "value")
  assert.equal(cells().moves(tag), true)
  cells().unprepare(tag)
  send(into, given)
  assert.equal((cells().take(into) as Lamp).number, 6)
  assert.equal(flying.get(6), 0)
  assert.throws(() => cells().prepare(given, "value"), {
    code: "ERR_HEDDLE_NOT_SENDABLE",
    message: /^value was moved already /,
  })
})

test("a handle that is closed, or of a kind that is not known here, is told", () => {
  assert.throws(() => cells().prepare(new Lamp(0), "value"), /value is a Lamp that is closed/)
  class Stranger extends Shareable {
    readonly kindId = 7002
  }
  assert.throws(() => cells().prepare(new Stranger(), "value"), {
    code: "ERR_HEDDLE_UNKNOWN_CLASS",
  })
})

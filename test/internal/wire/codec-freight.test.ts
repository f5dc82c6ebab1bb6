import assert from "node:assert/strict"
import { afterEach, describe, it } from "node:test"
import { NotSendableError, UnknownClassError, UseAfterMoveError } from "../../../src/errors.ts"
import {
  installParcels,
  installSharedBuffers,
  type Parcels,
  parcels,
  type SharedBuffers,
  sharedBuffers,
} from "../../../src/internal/wire/carriers.ts"
import { move } from "../../../src/internal/wire/move.ts"
import { sendable } from "../../../src/internal/wire/sendable.ts"
import { type Kind, registerKind, Shareable } from "../../../src/internal/wire/shareable.ts"
import { codec, LIMIT, memory, other, roundTrip, START } from "./support.ts"

/** What Node's types say of WebAssembly only together with the DOM's. */
const Wasm = (globalThis as unknown as { WebAssembly: { Memory: WasmMemory } }).WebAssembly
type WasmMemory = new (options: { initial: number }) => { readonly buffer: ArrayBuffer }

/** A handle whose references are counted in a table. */
class Lamp extends Shareable {
  readonly kindId = 900
  readonly number: number
  constructor(number: number) {
    super()
    this.number = number
  }
  glow(): number {
    this.assertUsable()
    return this.number
  }
}

const flying = new Map<number, number>()
const surrendered: number[] = []
const count = (number: number): number => flying.get(number) ?? 0
const lamps: Kind<Lamp> = {
  id: 900,
  name: "Lamp",
  handleOf: (value) => (value instanceof Lamp ? value.number : 0),
  retain: (number) => void flying.set(number, count(number) + 1),
  release: (number) => void flying.set(number, count(number) - 1),
  revive(number) {
    flying.set(number, count(number) - 1)
    return new Lamp(number)
  },
  surrender: (lamp) => void surrendered.push(lamp.number),
}
registerKind(lamps)

const total = (): number => [...flying.values()].reduce((a, b) => a + b, 0)

afterEach(() => {
  assert.equal(total(), 0, "every in-flight reference was adopted or released")
  flying.clear()
})

describe("handles in messages", () => {
  it("cross as references that the message owns from commit to decode", () => {
    const lamp = new Lamp(2 ** 40 + 1)
    codec.encode({ lamp, again: [lamp], more: new Lamp(7) }, START, LIMIT)
    assert.equal(total(), 0)
    codec.commit()
    assert.deepEqual([...flying.values()], [1, 1])
    const copy = other.decode(START) as { lamp: Lamp; again: Lamp[]; more: Lamp }
    assert.equal(copy.lamp.glow(), lamp.number)
    assert.equal(copy.again[0], copy.lamp)
    assert.equal(copy.more.glow(), 7)
  })

  it("are released by discard, exactly as many as commit retained", () => {
    codec.encode(
      [new Lamp(1), new Lamp(2), new Map([[new Lamp(1), new Set([new Lamp(3)])]])],
      START,
      LIMIT,
    )
    codec.commit()
    assert.equal(total(), 4)
    other.discard(START)
  })

  it("commit once, however often it is called", () => {
    codec.encode([new Lamp(1)], START, LIMIT)
    codec.commit()
    codec.commit()
    assert.equal(total(), 1)
    other.discard(START)
  })

  it("retain nothing when the encoding failed, or did not fit, or was not committed", () => {
    assert.throws(() => codec.encode([new Lamp(1), () => 1], START, LIMIT), NotSendableError)
    codec.commit()
    assert.equal(codec.encode([new Lamp(1)], START, START + 24), -1)
    codec.commit()
    codec.encode([new Lamp(1)], START, LIMIT)
    codec.encode(["another"], START, LIMIT)
    codec.commit()
  })

  it("may be copied, with their message, between encode and commit", () => {
    const end = codec.encode([new Lamp(4), move(new ArrayBuffer(8))], START, LIMIT)
    memory.bytes.copyWithin(1 << 20, START, end)
    codec.commit(1 << 20)
    const copy = other.decode(1 << 20) as [Lamp, ArrayBuffer]
    assert.equal(copy[0].glow(), 4)
    assert.equal(copy[1].byteLength, 8)
  })

  it("are released when the message cannot be decoded", () => {
    class Fragile {}
    sendable(Fragile, {
      id: "test/Fragile",
      encode: () => 0,
      decode: () => {
        throw new Error("broken")
      },
    })
    codec.encode([new Lamp(1), new Fragile(), new Lamp(2)], START, LIMIT)
    codec.commit()
    assert.throws(() => other.decode(START), /broken/)
    // The first had been revived already; the second was released.
  })

  it("of an unknown kind are a typed error that says what to do", () => {
    codec.encode([new Lamp(1)], START, LIMIT)
    const table = START / 4 + memory.words[START / 4 + 1]
    memory.words[table + 1] = 1 | (777 << 8)
    assert.throws(
      () => other.decode(START),
      (error) => {
        assert.ok(error instanceof UnknownClassError)
        assert.equal(error.id, "kind 777")
        assert.match(error.message, /import/)
        return true
      },
    )
  })

  it("are refused when closed or unregistered", () => {
    assert.throws(
      () => codec.encode([new Lamp(0)], START, LIMIT),
      /value\[0\] is a Lamp that is closed/,
    )
    class Stray extends Shareable {
      readonly kindId = 901
    }
    assert.throws(() => codec.encode(new Stray(), START, LIMIT), /kind 901/)
  })

  it("check the ids of kinds", () => {
    assert.throws(() => registerKind({ ...lamps, id: 0 }), RangeError)
    assert.throws(() => registerKind({ ...lamps, name: "Other" }), /belongs to Lamp/)
    registerKind(lamps)
  })
})

describe("move", () => {
  it("gives a handle away: the local object throws with the place of the move", () => {
    surrendered.length = 0
    const lamp = new Lamp(5)
    const message = { lamp: move(lamp) }
    assert.equal(lamp.glow(), 5)
    const copy = roundTrip(message)
    assert.equal(copy.lamp.glow(), 5)
    assert.deepEqual(surrendered, [5])
    assert.throws(
      () => lamp.glow(),
      (error) => {
        assert.ok(error instanceof UseAfterMoveError)
        assert.equal(error.what, "Lamp")
        assert.match(error.movedAt, /codec-freight\.test\.ts:\d+/)
        return true
      },
    )
    assert.throws(
      () => codec.encode(lamp, START, LIMIT),
      /value was moved already at .*codec-freight/,
    )
  })

  it("detaches buffers and views when the message is committed, not before", () => {
    const buffer = new ArrayBuffer(1024)
    const pixels = new Uint8Array(buffer, 8)
    pixels[0] = 9
    assert.equal(move(pixels), pixels)
    assert.throws(() => codec.encode([pixels, () => 1], START, LIMIT), NotSendableError)
    assert.equal(codec.encode({ pixels }, START, START + 16), -1)
    assert.equal(pixels[0], 9)
    const copy = roundTrip({ pixels, whole: buffer })
    assert.equal(copy.pixels[0], 9)
    assert.equal(copy.pixels.length, 1016)
    assert.equal(copy.whole, copy.pixels.buffer)
    assert.equal(pixels.length, 0)
    assert.ok(buffer.detached)
    assert.throws(() => move(pixels), TypeError)
  })

  it("moves DataViews and Node's Buffers, and copies what cannot be detached", () => {
    const view = new DataView(new ArrayBuffer(8))
    const bytes = Buffer.alloc(100_000, 1)
    const wasm = new Wasm.Memory({ initial: 1 })
    new Uint8Array(wasm.buffer)[3] = 4
    const copy = roundTrip([move(view), move(bytes), move(wasm.buffer)] as const)
    assert.equal(copy[0].byteLength, 8)
    assert.ok(Buffer.isBuffer(copy[1]) && copy[1].length === 100_000)
    assert.equal(bytes.length, 0)
    assert.equal(new Uint8Array(copy[2])[3], 4)
    assert.equal(wasm.buffer.byteLength, 65536)
  })

  it("refuses what has nothing to move", () => {
    for (const value of [1, {}, null, "text", new SharedArrayBuffer(8)]) {
      assert.throws(() => move(value as unknown as ArrayBuffer), TypeError)
    }
  })

  it("waits for parcels on their way, and drops those of discarded messages", async () => {
    const dropped: number[] = []
    const landed = new Map<number, ArrayBuffer>()
    const waiting = new Map<number, ArrayBuffer>()
    const original = parcels()
    const slow: Parcels = {
      ship(buffer) {
        const id = waiting.size + landed.size + 1
        waiting.set(id, structuredClone(buffer, { transfer: [buffer] }))
        return { home: 3, id }
      },
      has: (home, id) => home === 3 && landed.has(id),
      async arrive(_home, id) {
        landed.set(id, waiting.get(id)!)
        waiting.delete(id)
      },
      take: (_home, id) => landed.get(id)!,
      drop: (_home, id) => void dropped.push(id),
    }
    installParcels(slow)
    try {
      codec.encode([move(new ArrayBuffer(8)), move(new ArrayBuffer(16))], START, LIMIT)
      codec.commit()
      assert.ok(other.pending(START))
      await other.arrived(START)
      assert.ok(!other.pending(START))
      assert.deepEqual(
        (other.decode(START) as ArrayBuffer[]).map((b) => b.byteLength),
        [8, 16],
      )
      codec.encode([move(new ArrayBuffer(8))], START, LIMIT)
      codec.commit()
      other.discard(START)
      assert.deepEqual(dropped, [3])
      codec.encode(["plain"], START, LIMIT)
      assert.ok(!other.pending(START))
      await other.arrived(START)
    } finally {
      installParcels(original)
    }
  })
})

describe("shared buffers", () => {
  it("arrive as the same memory, views with their offset, length and class", () => {
    const shared = new SharedArrayBuffer(64)
    const copy = roundTrip({
      shared,
      view: new Int16Array(shared, 8, 4),
      bytes: Buffer.from(shared),
    })
    assert.equal(copy.shared, shared)
    assert.ok(copy.view instanceof Int16Array)
    assert.deepEqual([copy.view.byteOffset, copy.view.length], [8, 4])
    copy.view[0] = 12
    assert.equal(new Int16Array(shared)[4], 12)
    assert.equal(copy.bytes[8], 12)
  })

  it("are retained at commit, adopted by decode, released by discard", () => {
    const log: string[] = []
    const original = sharedBuffers()
    const shared = new SharedArrayBuffer(8)
    const logged: SharedBuffers = {
      idOf: () => 11,
      bufferOf: () => shared,
      arrive: () => Promise.resolve(),
      retain: (id) => void log.push(`retain ${id}`),
      release: (id) => void log.push(`release ${id}`),
      revive(id) {
        log.push(`revive ${id}`)
        return shared
      },
    }
    installSharedBuffers(logged)
    try {
      codec.encode([shared, new Uint8Array(shared)], START, LIMIT)
      codec.commit()
      other.decode(START)
      codec.encode(shared, START, LIMIT)
      codec.commit()
      other.discard(START)
      assert.deepEqual(log, ["retain 11", "revive 11", "retain 11", "release 11"])
    } finally {
      installSharedBuffers(original)
    }
  })
})

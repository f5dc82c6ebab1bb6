import assert from "node:assert/strict"
import { test } from "node:test"
import { Strings } from "../../../src/internal/wire/codec-strings.ts"
import { RECENT_BYTES_MAX, RecentStrings } from "../../../src/internal/wire/recent-strings.ts"
import { generator, memory, randomText } from "./support.ts"

const AT = 4096

/** Writes the units of `text` at byte `AT`, with `rubbish` behind them. */
function write(text: string, rubbish: number): void {
  memory.bytes.fill(rubbish, AT, AT + RECENT_BYTES_MAX + 8)
  memory.bytes.set(Buffer.from(text, "latin1"), AT)
}

test("a string is known from the second time on, whatever lies behind it", () => {
  const recent = new RecentStrings(memory.words)
  for (let length = 1; length <= RECENT_BYTES_MAX; length++) {
    const text = "abcdefghijklmnopqrstuvwxyz§é".slice(0, length)
    for (const rubbish of [0, 0xff]) {
      write(text, rubbish)
      assert.equal(recent.find(AT, length), undefined)
      recent.remember(text, AT)
    }
    for (const rubbish of [0x55, 0]) {
      write(text, rubbish)
      assert.equal(recent.find(AT, length), text)
    }
  }
})

test("strings that differ in one byte, or in length by zeros, are told apart", () => {
  const strings = new Strings(memory)
  const texts = ["a", "a\0", "a\0\0", "a\0\0\0", "a\0\0\0\0", "sensor-north-17", "sensor-north-18"]
  for (let round = 0; round < 50; round++) {
    for (const text of texts) {
      write(text, round)
      assert.equal(strings.narrow(text.length, AT), text)
    }
  }
})

test("random strings, often the same, come back as they are, looked for or not", () => {
  const strings = new Strings(memory)
  const random = generator(7)
  const few = Array.from({ length: 40 }, () => randomText(random))
  for (let i = 0; i < 30_000; i++) {
    const isNew = i % 10_000 < 5_000
    const text = isNew ? randomText(random) : few[i % few.length]
    assert.ok(strings.writeHeaded(text, AT, 600))
    assert.equal(strings.readHeaded(AT), text)
  }
})

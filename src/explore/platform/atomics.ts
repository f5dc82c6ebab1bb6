/**
 * The atomics under the explorer: inside a model thread every access is a step that the explorer
 * knows; elsewhere they are the real ones.
 */
import * as real from "../../internal/platform/atomics.ts"
import * as op from "../operation.ts"
import { stage } from "../stage.ts"

export type Words = real.Words

export function load(words: Words, index: number): number {
  if (stage === null) return real.load(words, index)
  return stage.operation(op.LOAD, words, index, 0, 0)
}

export function store(words: Words, index: number, value: number): number {
  if (stage === null) return real.store(words, index, value)
  return stage.operation(op.STORE, words, index, value, 0)
}

export function add(words: Words, index: number, value: number): number {
  if (stage === null) return real.add(words, index, value)
  return stage.operation(op.ADD, words, index, value, 0)
}

export function subtract(words: Words, index: number, value: number): number {
  if (stage === null) return real.subtract(words, index, value)
  return stage.operation(op.SUBTRACT, words, index, value, 0)
}

export function or(words: Words, index: number, value: number): number {
  if (stage === null) return real.or(words, index, value)
  return stage.operation(op.OR, words, index, value, 0)
}

export function and(words: Words, index: number, value: number): number {
  if (stage === null) return real.and(words, index, value)
  return stage.operation(op.AND, words, index, value, 0)
}

export function exchange(words: Words, index: number, value: number): number {
  if (stage === null) return real.exchange(words, index, value)
  return stage.operation(op.EXCHANGE, words, index, value, 0)
}

export function compareExchange(
  words: Words,
  index: number,
  expected: number,
  replacement: number,
): number {
  if (stage === null) return real.compareExchange(words, index, expected, replacement)
  return stage.operation(op.COMPARE_EXCHANGE, words, index, expected, replacement)
}

export function notify(words: Words, index: number, count = Infinity): number {
  if (stage === null) return real.notify(words, index, count)
  return stage.operation(op.NOTIFY, words, index, count, 0)
}

/** A thread that pauses is continued when something it has looked at has changed. */
export function pause(): void {
  if (stage === null) real.pause()
  else stage.operation(op.PAUSE, NOTHING, 0, 0, 0)
}

export function read(words: Words, index: number): number {
  if (stage === null) return real.read(words, index)
  return stage.operation(op.READ, words, index, 0, 0)
}

export function write(words: Words, index: number, value: number): void {
  if (stage === null) real.write(words, index, value)
  else stage.operation(op.WRITE, words, index, value, 0)
}

export function clear(words: Words, index: number, count: number): void {
  for (let i = 0; i < count; i++) write(words, index + i, 0)
}

export function peek(words: Words, index: number): number {
  if (stage === null) return real.peek(words, index)
  return stage.operation(op.PEEK, words, index, 0, 0)
}

export function poke(words: Words, index: number, value: number): void {
  if (stage === null) real.poke(words, index, value)
  else stage.operation(op.POKE, words, index, value, 0)
}

const NOTHING: Words = new Int32Array(1)

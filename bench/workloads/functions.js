/**
 * The functions that tasks run, the same for every contender.
 *
 * Workers load this file, so it is plain JavaScript and imports nothing: no contender pays for
 * TypeScript while its start or its memory is measured.
 */

/**
 * As little work as a task can do.
 * @param {number} value
 */
export function increment(value) {
  return value + 1
}

/**
 * Rounds of a linear congruential generator: pure computation, no memory. Plain multiplication (it
 * stays below 2 ** 53) rather than `Math.imul`, which V8 compiles now five times faster, now not.
 * @param {number} rounds
 */
export function spin(rounds) {
  let state = 1
  for (let left = rounds; left > 0; left -= 1000) state = spinFrom(state, Math.min(left, 1000))
  return state >>> 24
}

/**
 * In short calls: V8 keeps code that it compiled inside a first, long loop, and leaves it at the
 * end of each later call.
 * @param {number} start
 * @param {number} rounds
 */
function spinFrom(start, rounds) {
  let state = start
  for (let i = 0; i < rounds; i++) state = (state * 1664525 + 1013904223) >>> 0
  return state
}

/**
 * Factorial as poolifier's benchmark computes it; the result crosses back whole (about 1 KB).
 * @param {number} n
 */
export function factorial(n) {
  let product = 1n
  for (let i = 2n; i <= BigInt(n); i++) product *= i
  return product
}

/**
 * Fibonacci by plain recursion.
 * @param {number} n
 * @returns {number}
 */
export function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

/**
 * Sums part of a block whose sum fits 32 bits.
 * @param {Int32Array} block
 * @param {number} from
 * @param {number} to
 */
export function sumChunk(block, from, to) {
  let sum = 0
  for (let i = from; i < to; i++) sum = (sum + block[i]) | 0
  return sum
}

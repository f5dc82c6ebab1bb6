/** Worker of poolifier. */
import { ThreadWorker } from "poolifier"
import { factorial, increment, spin } from "../../workloads/functions.js"

/** @param {(value: number) => number | bigint} run */
const task = (run) => (/** @type {number | undefined} */ value) => run(value ?? 0)

export default new ThreadWorker({
  factorial: task(factorial),
  increment: task(increment),
  spin: task(spin),
})

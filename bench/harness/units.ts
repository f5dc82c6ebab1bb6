/** Units: how a sample becomes a figure, which direction is better, how it is printed. */
import type { Sample } from "./scenario.ts"

export interface Unit {
  readonly name: string
  readonly higherIsBetter: boolean
  figure(sample: Sample): number
  better(a: number, b: number): boolean
  /** How many times better `a` is than `b`, whichever direction is better. */
  ratio(a: number, b: number): number
}

function unit(
  name: string,
  higherIsBetter: boolean,
  convert: (seconds: number, count: number) => number,
): Unit {
  return {
    name,
    higherIsBetter,
    figure: (sample) => ("value" in sample ? sample.value : convert(sample.seconds, sample.count)),
    better: (a, b) => (higherIsBetter ? a > b : a < b),
    ratio: (a, b) => (higherIsBetter ? a / b : b / a),
  }
}

/** A figure that only comes as a value. */
function plain(name: string, higherIsBetter: boolean): Unit {
  return unit(name, higherIsBetter, () => {
    throw new TypeError(`a contender measured in ${name} has to give a value`)
  })
}

export const millionPerSecond = unit("M/s", true, (seconds, count) => count / seconds / 1e6)
export const perSecond = unit("/s", true, (seconds, count) => count / seconds)
export const microseconds = unit("µs", false, (seconds, count) => (seconds / count) * 1e6)
export const seconds = unit("s", false, (duration) => duration)
export const milliseconds = plain("ms", false)
export const percentOfIdeal = plain("% of ideal", true)
export const percentOfCore = plain("% of a core", false)
export const bytes = plain("bytes", false)
export const mebibytes = plain("MiB", false)
export const plainSpeed = plain("x plain", true)

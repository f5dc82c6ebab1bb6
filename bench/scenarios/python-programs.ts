/** Ten programs of the kinds that pyperformance runs, in one interpreter and in native Python. */
import type { Contender, Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

const PROGRAMS = [
  "nbody",
  "fannkuch",
  "richards",
  "deltablue",
  "spectral_norm",
  "pidigits",
  "json_dumps",
  "json_loads",
  "regex",
  "chaos",
] as const

const TIMES = { full: 5, quick: 2, smoke: 0 } as const

function contenders(): Record<string, Contender> {
  const all: Record<string, Contender> = {}
  for (const name of PROGRAMS) {
    all[name] = async ({ size }) =>
      (await import("../ours/python.ts")).program("heddle", name, TIMES[size])
    all[`${name}, native`] = async ({ size }) =>
      (await import("../ours/python.ts")).program("python3", name, TIMES[size])
  }
  return all
}

export const scenario: Scenario = {
  name: "python-programs",
  question: "How long do programs of the kinds of pyperformance's take in one interpreter?",
  unit: milliseconds,
  conditions:
    "the same source in both; the fastest of some runs in a process; native is the python3 on the PATH",
  warmUp: "one run",
  targets: PROGRAMS.map((name) => ({ ours: name, against: `${name}, native` })),
  contenders: contenders(),
}

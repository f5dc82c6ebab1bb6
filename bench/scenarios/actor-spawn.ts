/** Actors started. */
import type { Contender, Measure, Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const collecting = (run: Measure): Contender => ({ run, nodeArgs: ["--expose-gc"] })

export const scenario: Scenario = {
  name: "actor-spawn",
  question: "How many actors a second are started and handle a first message?",
  unit: millionPerSecond,
  conditions:
    "an actor starts them one after the other beside itself, and tells each a number; all live at the end; " +
    "those of the run before are collected in between; erlang: one scheduler. " +
    "With their ends: until each was stopped and its end awaited, and with the collection of those before",
  warmUp: "three runs",
  targets: [
    { ours: "heddle", must: 1 },
    { ours: "heddle", against: "erlang" },
    { ours: "heddle, with their ends" },
  ],
  contenders: {
    heddle: collecting(async (context) => {
      return (await import("../ours/actor.ts")).measureSpawn(context, "started")
    }),
    "heddle, with their ends": async (context) => {
      return (await import("../ours/actor.ts")).measureSpawn(context, "ended")
    },
    erlang: { language: "erlang", workload: "actor-spawn", count: 100000 },
    nact: collecting(async (context) => {
      return (await import("../peers/node/actor-nact.ts")).measureSpawn(context)
    }),
    xstate: collecting(async (context) => {
      return (await import("../peers/node/actor-xstate.ts")).measureSpawn(context)
    }),
  },
}

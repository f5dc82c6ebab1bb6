/** Actors started. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-spawn",
  question: "How many actors a second are started and handle a first message?",
  unit: millionPerSecond,
  conditions:
    "an actor starts them one after the other beside itself, and tells each a number; all live at the end; erlang: one scheduler",
  warmUp: "three runs",
  targets: [
    { ours: "heddle", must: 1 },
    { ours: "heddle", against: "erlang" },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/actor.ts")).measureSpawn(context),
    erlang: { language: "erlang", workload: "actor-spawn", count: 100000 },
    nact: async (context) => (await import("../peers/node/actor-nact.ts")).measureSpawn(context),
    xstate: async (context) =>
      (await import("../peers/node/actor-xstate.ts")).measureSpawn(context),
  },
}

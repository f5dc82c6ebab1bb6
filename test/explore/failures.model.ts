/** What a failure says, that it comes again, and how misuse of the checker is told. */
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { add, compareExchange, load, pause, read, store, write } from "#platform/atomics"
import { after, now } from "#platform/clock"
import { waitSync, waitThen } from "#platform/park"
import { below } from "#platform/random"
import { type ModelOptions, model } from "../../src/explore/index.ts"
import { failureOf, sixteen } from "./failing.ts"

const LOST: ModelOptions<Int32Array, void> = {
  name: "two add without an atomic add",
  setup: sixteen,
  names: (index) => (index === 0 ? "count" : undefined),
  threads: [
    function first(words) {
      add(words, 1, 1)
      store(words, 0, load(words, 0) + 1)
      add(words, 1, 1)
    },
    function second(words) {
      add(words, 2, 1)
      store(words, 0, load(words, 0) + 1)
    },
  ],
  after: (words) => assert.equal(words[0], 2, "both counted"),
}

test("a failure shows each step, and who could replay it", () => {
  const { message, schedule, cause } = failureOf(LOST)
  const rows = message.split("\n").map((line) => line.trim().replace(/ {2,}/g, " | "))
  assert.equal(rows[0], "two add without an atomic add: broken invariant")
  assert.match(rows[1] ?? "", /both counted/)
  assert.ok(rows.includes("step | thread | operation | value | at"))
  assert.match(
    rows.join("\n"),
    /\n2 \| 0 first \| load count \| 0 \| failures\.model\.ts:\d+ first\n/,
  )
  assert.match(
    rows.join("\n"),
    /\n5 \| 1 second \| store count = 1 \| failures\.model\.ts:\d+ second\n/,
  )
  assert.match(message, new RegExp(`again: HEDDLE_REPLAY='${schedule}@two add without`))
  assert.match(message, /node --conditions=model --conditions=source --test .*failures\.model\.ts$/)
  assert.ok(cause instanceof assert.AssertionError)
})

test("a failure is shown with as few preemptions as it needs", () => {
  for (const strategy of ["exhaustive", "random", "pct"] as const) {
    const { schedule } = failureOf({ ...LOST, strategy, seed: 7 })
    assert.match(schedule, /^0x2-1x3-0x2$|^1x2-0x4-1$/)
  }
})

test("a schedule replays to the same failure", () => {
  const failure = failureOf({ ...LOST, strategy: "random", seed: 3 })
  const again = failureOf({ ...LOST, replay: failure.schedule })
  assert.equal(again.schedule, failure.schedule)
  assert.equal(again.kind, failure.kind)
  assert.equal(again.schedules, 1)
  const steps = (text: string) => text.split("\n").filter((line) => /^ {2}\d/.test(line))
  assert.deepEqual(steps(again.message), steps(failure.message))
})

test("the printed command replays only the model it names", () => {
  const flags = ["--conditions=model", "--conditions=source"]
  const file = fileURLToPath(new URL("fixtures/replayed.ts", import.meta.url))
  const run = (replay: string) => {
    const env = { ...process.env, HEDDLE_REPLAY: replay }
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, file], {
      encoding: "utf8",
      env,
    })
    return [stdout, stderr]
  }
  assert.deepEqual(run("0-1@one"), ["one 1\ntwo 2\n", ""])
  assert.deepEqual(run("0-1@two"), ["one 2\ntwo 1\n", ""])
  for (const unknown of ["0-1@", "0-1@thre", "one"]) {
    assert.deepEqual(run(unknown), [
      "one 2\ntwo 2\n",
      `HEDDLE_REPLAY="${unknown}" was not followed: it names nothing that was explored here, ` +
        'which is "one", "two"\n',
    ])
  }
})

test("a schedule that does not fit is refused", () => {
  assert.throws(() => model({ ...LOST, replay: "0x9" }), /does not fit this model/)
  assert.throws(() => model({ ...LOST, replay: "0-1" }), /does not fit this model/)
  assert.throws(() => model({ ...LOST, replay: "0y" }), /not a schedule: 0y/)
})

test("the same seed gives the same schedules", () => {
  const taken = (seed: number, strategy: "random" | "pct") => {
    const seen: string[] = []
    model({
      name: "seeded",
      setup: sixteen,
      threads: [1, 2, 3].map((me) => (words: Int32Array) => {
        for (let i = 0; i < 4; i++) store(words, 4 * i + me, add(words, 0, 1))
      }),
      after: (words) => void seen.push(words.join()),
      strategy,
      seed,
      schedulesMax: 20,
    })
    return seen
  }
  for (const strategy of ["random", "pct"] as const) {
    assert.deepEqual(taken(5, strategy), taken(5, strategy))
    assert.notDeepEqual(taken(5, strategy), taken(6, strategy))
    assert.equal(taken(5, strategy).length, 20)
  }
})

test("an error in a thread is a failure with that error as cause", () => {
  const error = new Error("broken on purpose")
  const failure = failureOf({
    name: "throws",
    setup: sixteen,
    threads: [
      (words) => {
        if (load(words, 0) === 1) throw error
      },
      (words) => void store(words, 0, 1),
    ],
  })
  assert.equal(failure.kind, "error in a thread")
  assert.equal(failure.cause, error)
})

test("a body that does something else when run again is reported", () => {
  let runs = 0
  const failure = failureOf({
    name: "counts its runs",
    setup: sixteen,
    threads: [
      (words) => {
        store(words, 0, runs++)
        store(words, 1, 1)
      },
      (words) => void load(words, 1),
    ],
  })
  assert.equal(failure.kind, "not deterministic")
})

test("an object of the world that a body changes is reported", () => {
  const failure = failureOf({
    name: "shared cursor",
    setup: () => ({ words: sixteen(), cursor: 0 }),
    threads: [0, 1].map(() => (world: { words: Int32Array; cursor: number }) => {
      store(world.words, world.cursor++, 1)
      store(world.words, world.cursor++, 1)
    }),
  })
  assert.equal(failure.kind, "not deterministic")
  assert.match(failure.message, /objects that a thread changes must be made in its body/)
})

test("catching the suspension is reported, rethrowing it is not", () => {
  const catching = (handle: (error: unknown) => void): ModelOptions<Int32Array, void> => ({
    name: "catches",
    setup: sixteen,
    threads: [
      (words) => void store(words, 0, 1),
      (words) => {
        try {
          load(words, 0)
          load(words, 0)
        } catch (error) {
          handle(error)
        }
      },
    ],
  })
  const swallowed = failureOf(catching(() => {}))
  assert.equal(swallowed.kind, "suspension swallowed")
  const wrapped = failureOf(
    catching((cause) => {
      throw new Error("wrapped", { cause })
    }),
  )
  assert.equal(wrapped.kind, "suspension swallowed")
  const rethrowing = catching((error) => {
    throw error
  })
  assert.equal(model(rethrowing).schedules, 3)
})

test("what a finally does happens once", () => {
  const ends = new Set<string>()
  model({
    name: "finally",
    setup: sixteen,
    threads: [0, 1].map(() => (words: Int32Array) => {
      try {
        add(words, 0, 1)
        load(words, 0)
      } finally {
        add(words, 1, 1)
      }
    }),
    after: (words) => void ends.add(words.join()),
  })
  assert.deepEqual(
    [...ends].map((end) => end.slice(0, 5)),
    ["2,2,0"],
  )
})

test("memory written past the platform is reported", () => {
  const failure = failureOf({
    name: "writes directly",
    setup: sixteen,
    threads: [0, 1].map(() => (words: Int32Array) => {
      words[9] = words[9] + 1
      add(words, 0, 1)
    }),
  })
  assert.equal(failure.kind, "hidden access")
  assert.match(failure.message, /writes word 9/)
})

test("a word outside of the array is an error, plain or atomic", () => {
  for (const access of [read, load]) {
    const failure = failureOf({
      name: "outside",
      setup: sixteen,
      threads: [(words) => access(words, 16)],
    })
    assert.match(failure.message, /word 16 is outside of an array of 16 words/)
  }
})

test("calling back has no place in a model thread", () => {
  const later = [
    () => void after(1, () => {}),
    (words: Int32Array) => waitThen(words, 0, 0, () => {}),
  ]
  for (const body of later) {
    const failure = failureOf({ name: "later", setup: sixteen, threads: [body] })
    assert.match(failure.message, /calls back, which a model thread cannot await/)
  }
})

test("an exhaustive search that is not finished says so", () => {
  assert.throws(
    () => model({ ...LOST, after: undefined, schedulesMax: 1 }),
    /not exhausted after 1 schedules/,
  )
})

test("options that make no sense are refused", () => {
  assert.throws(() => model({ ...LOST, threads: [] }), RangeError)
  assert.throws(() => model({ ...LOST, kill: [2] }), /kill names threads 0 to 1, received 2/)
  assert.throws(() => model({ ...LOST, mayWait: [-1] }), /mayWait names threads/)
  assert.throws(() => model({ ...LOST, killsMax: 1.5 }), /killsMax must be a count, received 1.5/)
})

test("views of one buffer are one memory, and each thread may make its own", () => {
  const failure = failureOf({
    name: "views",
    setup: () => new SharedArrayBuffer(64),
    threads: [
      (buffer) => write(new Int32Array(buffer, 8), 0, 1),
      (buffer) => void write(new Int32Array(buffer), 2, load(new Int32Array(buffer), 0)),
    ],
  })
  assert.equal(failure.kind, "data race")
  assert.match(failure.message, /on \[2\]:/)
})

test("chance and time are the same in every run of a body", () => {
  const seen = new Set<string>()
  model({
    name: "chance and time",
    setup: sixteen,
    threads: [0, 1].map(() => (words: Int32Array) => {
      const before = `${below(1000)} ${now()}`
      add(words, 0, 1)
      add(words, 0, 1)
      return `${before} ${below(1000)} ${now()}`
    }),
    after: (_, outcomes) => void seen.add(outcomes.join()),
  })
  assert.equal(seen.size, 1)
})

test("time passes when nothing else can happen", () => {
  const waited = new Set<unknown>()
  model({
    name: "a nap",
    setup: sixteen,
    threads: [
      (words) => {
        const ending = waitSync(words, 0, 0, 50)
        return `${ending} ${now()}`
      },
      (words) => void store(words, 1, 1),
    ],
    after: (_, [nap]) => void waited.add(nap),
  })
  assert.deepEqual([...waited], ["timed-out 50"])
  model({
    name: "spins until a deadline",
    setup: sixteen,
    threads: [
      (words) => {
        while (load(words, 0) === 0 && now() < 5) pause()
      },
    ],
  })
})

test("threads that may wait for ever are told apart from the dead", () => {
  const ends = new Set<string>()
  model({
    name: "waits",
    setup: sixteen,
    threads: [(words) => waitSync(words, 0, 0), () => "done"],
    mayWait: [0],
    kill: [0],
    after: (_, outcomes) => void ends.add(outcomes.join()),
  })
  assert.deepEqual([...ends].sort(), ["killed,done", "waiting,done"])
})

test("a thread can die between any two of its writes, plain ones included", () => {
  const left = new Set<string>()
  const result = model({
    name: "half-written",
    setup: sixteen,
    threads: [
      (words) => {
        write(words, 0, 1)
        load(words, 9)
        write(words, 1, 1)
        compareExchange(words, 2, 0, 1)
        compareExchange(words, 2, 0, 1)
      },
    ],
    kill: true,
    after: (words) => void left.add(words.subarray(0, 3).join("")),
  })
  assert.deepEqual([...left].sort(), ["000", "100", "110", "111"])
  assert.equal(result.schedules, 5)
})

test("a bound on preemptions bounds the search", () => {
  const schedules = [0, 1, 2, undefined].map(
    (preemptionsMax) =>
      model({
        name: "bounded",
        setup: sixteen,
        threads: [0, 1].map(() => (words: Int32Array) => {
          for (let i = 0; i < 4; i++) add(words, 0, 1)
        }),
        preemptionsMax,
      }).schedules,
  )
  assert.deepEqual(schedules, [2, 8, 26, 70])
})

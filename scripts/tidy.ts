/**
 * The habits of STYLE.md that a program can check. The array below is the architecture.
 *
 * Prints `file:line: rule: what to do` for each finding and ends with exit code 1 if there is one.
 */
import { fileURLToPath } from "node:url"
import { documented, doors } from "./tidy/documented.ts"
import { cycles, floors, type Plan, staleRooms } from "./tidy/floors.ts"
import { dead, links, marks, mirror, unused } from "./tidy/places.ts"
import { type Powers, powersUsed, twins } from "./tidy/powers.ts"
import { type Sizes, sizes } from "./tidy/size.ts"
import { type Finding, readTree } from "./tidy/tree.ts"

/** A file imports from its own room and from lower floors; rooms on one floor do not meet. */
const FLOORS: readonly (readonly string[])[] = [
  ["internal/platform"],
  ["internal/memory"],
  ["internal/queue"],
  ["internal/wire"],
  ["internal/loop"],
  ["sync"],
  ["isolate"],
  ["channel", "task"],
  ["actor"],
  ["python"],
  ["index"],
  ["explore"],
  ["cli"],
]

const PLAN: Plan = {
  floors: FLOORS,
  ground: ["src/errors.ts", "src/internal/platform/supported.ts"],
  beside: "lift",
  roof: "explore",
  allowed: {
    "src/lift/naming.ts -> src/internal/wire/callable.ts": "the two keys that lifted text writes",
  },
}

const SIZES: Sizes = {
  fileLinesMax: 400,
  functionLinesMax: 50,
  columnsMax: 100,
  longFiles: {
    "src/explore/program/theatre.ts":
      "one machine: asking, choosing, leaving and returning share the step that is not complete",
    "src/internal/queue/mailbox.ts": "one protocol: its order and its repair are read together",
    "src/errors.ts": "every class and code in one place; it imports nothing and has no logic",
  },
  longFunctions: {},
}

const EXPLORER = "src/explore/platform"
const BROWSER = "src/internal/platform/browser"

const NODE_ASKED = "asks which Node runs; for a page and for the explorer that is not the question"

const POWERS: Powers = {
  home: "src/internal/platform",
  below: "src",
  allowed: {
    "src/cli/": {
      powers: ["process", "node:fs", "node:path", "node:url", "node:util", "node:module"],
      reason: "the command line is the process: arguments, exit codes, standard error",
    },
    "src/explore/program/host.ts": {
      powers: [
        "process",
        "performance",
        "Date.now",
        "Atomics",
        ...["setTimeout", "setInterval", "setImmediate"],
        ...["clearTimeout", "clearInterval", "clearImmediate"],
      ],
      reason: "takes the host's own names over while a program is explored, to watch their use",
    },
    "src/explore/program/": {
      powers: ["node:util"],
      reason: "shows and compares values of programs",
    },
    "src/explore/program/watch-views.ts": {
      powers: ["Buffer"],
      reason: "watches views of shared memory, and says which it cannot watch",
    },
    "src/explore/journal.ts": {
      powers: ["node:fs"],
      reason: "timelines and lines of a proof are files",
    },
    "src/explore/replay-asked.ts": {
      powers: ["process"],
      reason: "says at the end of the process that nothing had the name that was asked for",
    },
    "src/lift/": {
      powers: [
        ...["process", "Buffer", "node:fs", "node:path", "node:url"],
        ...["node:module", "node:worker_threads"],
      ],
      reason:
        "the transform is a hook of Node's loader and works without the runtime; " +
        "threads inherit what it has written",
    },
  },
  twins: [
    {
      folder: EXPLORER,
      withoutNode: false,
      notTwinned: {
        "src/internal/platform/cache.ts": "files that outlive the program; models keep none",
        "src/internal/platform/entry.ts": "starts a thread of the host; the explorer has none",
        "src/internal/platform/output.ts": "streams of the process; models write to none",
        "src/internal/platform/packages.ts": "files of other packages; models load none",
        "src/internal/platform/supported.ts": NODE_ASKED,
        "src/internal/platform/stdio.ts": "streams of the process; models write to none",
        "src/internal/platform/stacks.ts": "sizes of stacks; models switch none",
        "src/internal/platform/temporary.ts": "folders of the host; models use none",
      },
      besides: {},
    },
    {
      folder: BROWSER,
      withoutNode: true,
      notTwinned: { "src/internal/platform/supported.ts": NODE_ASKED },
      besides: {
        "src/internal/platform/browser/host.ts": "what a browser offers, in types",
        "src/internal/platform/browser/known-packages.ts":
          "what an import map says; threads have none",
      },
    },
  ],
}

/** Everything found in the project below `root`. */
function tidy(root: string): Finding[] {
  const tree = readTree(root)
  return [
    ...floors(tree, PLAN),
    ...staleRooms(tree, PLAN),
    ...cycles(tree),
    ...sizes(tree, SIZES),
    ...powersUsed(tree, POWERS),
    ...twins(tree, POWERS),
    ...documented(tree, EXPLORER),
    ...doors(tree),
    ...dead(tree, ["examples/src/", "bench/", "test/browser/pages/"]),
    ...unused(tree, [`${EXPLORER}/`, `${BROWSER}/`, "src/errors.ts"]),
    ...mirror(tree, ["package", "browser"]),
    ...links(tree),
    ...marks(tree),
  ]
}

const findings = tidy(fileURLToPath(new URL("..", import.meta.url)))
for (const { file, line, rule, advice } of findings) {
  process.stdout.write(`${file}:${line}: ${rule}: ${advice}\n`)
}
if (findings.length > 0) {
  process.stdout.write(`\n${findings.length} to mend\n`)
  process.exitCode = 1
}

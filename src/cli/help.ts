/** What `--help` prints. */

const HEDDLE = `heddle - every core of one process, for TypeScript and Python

  heddle run app.ts [args...]    run TypeScript or JavaScript on every core
  heddle run job.py [args...]    run Python on every core (needs the package pyodide)
  heddle run --help              its options
  heddle --version
  heddle --help

Without this command: node --import heddle/register app.ts
`

const RUN = `heddle run [options] FILE [args...]
heddle run [options] -m MODULE [args...]

Runs FILE (.ts .mts .cts .js .mjs .cjs) as Node would, with one isolate per core; a .py file as
python would, with its interpreters in parallel.
Closures given to go() and its kin are lifted, so that any isolate can run them.
Options stand before FILE; what stands after it is the program's.

  --isolates N     how many isolates beside main, instead of one per core
  --memory SIZE    how much shared memory is reserved: 512MiB, 2GiB
  --mount DIR      a folder that a Python program sees under the same name, beside its own
                   folder and the one it runs in; may be given more than once
  -m MODULE        run a Python module or package, as python -m does
  -h, --help       this text

Exit code: the program's own; 1 when it fails with an error; 2 when it cannot be started
(unknown option, missing file, syntax error); 130 after Ctrl-C.
`

/** The text for a topic. */
export function help(topic: "heddle" | "run"): string {
  return topic === "run" ? RUN : HEDDLE
}

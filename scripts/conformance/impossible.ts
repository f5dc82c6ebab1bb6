/** What cannot be, and why: by the name of a test, or by the reason CPython gives to skip it. */
export const IMPOSSIBLE: readonly (readonly [RegExp, string])[] = [
  [/[Ff]ork/, "Needs `fork`: WebAssembly has one process."],
  [
    /subprocess support|test requires subprocess/,
    "Starts another process of `sys.executable`: a WebAssembly program has none.",
  ],
  [
    /_testcapi\.set_nomemory|requires _testcapi/,
    "Needs CPython's C module `_testcapi`, which injects failures and is not in this build.",
  ],
]

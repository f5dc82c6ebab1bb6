/** What cannot be, and why: by the name of a test, or by the reason CPython gives to skip it. */
export const IMPOSSIBLE: readonly (readonly [RegExp, string])[] = [
  [/[Ff]ork/, "Needs `fork`: WebAssembly has one process."],
  [
    /test_lazy_import|test_import_from_another_thread|test_import_interpreter_pool_executor/,
    "Wants a Python that has not imported these modules: they lie ready in the picture of memory.",
  ],
  [
    /SubinterpThreadingTests\.test_(daemon_)?threads_not_allowed/,
    "Starts a Python that sees its library alone: the package `test` is no part of ours.",
  ],
  [
    /test_send_buffer/,
    "Changes the sender's memory through a view that the receiver got: the memories of two " +
      "interpreters cannot be mapped into each other, so views are copied.",
  ],
  [
    /test_create_interpreter_no_memory/,
    "Makes CPython's allocator fail while an interpreter is made: ours allocate in their own memory.",
  ],
  [
    /test_threading_local_clear_race|test_frame_tstate_tracing|test_finalize_daemon_thread_hang/,
    "Starts a thread in C, or hangs one there: threads here are Python's own.",
  ],
  [
    /nan_timeout|PySimpleQueueTest.test_nonblocking_ignores_timeout|test_destroyed_by_gc/,
    "The tests are of a later 3.14 than this library, whose Python files have changed since.",
  ],
]

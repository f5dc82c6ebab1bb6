/** Which of CPython's tests are run, one process for each: a module, or some of its classes. */
import type { Part } from "./run.ts"

const whole = (module: string): Part => ({ module, classes: [] })
export const PARTS: readonly Part[] = [
  whole("test.test_interpreters.test_api"),
  whole("test.test_interpreters.test_queues"),
  whole("test.test_interpreters.test_channels"),
  whole("test.test_interpreters.test_lifecycle"),
  whole("test.test_interpreters.test_stress"),
  whole("test.test__interpreters"),
  whole("test.test__interpchannels"),
  whole("test.test_concurrent_futures.test_interpreter_pool"),
  whole("test.test_concurrent_futures.test_thread_pool"),
  whole("test.test_queue"),
  whole("test.test_thread"),
  whole("test.test_threading_local"),
  whole("test.test_threading"),
]

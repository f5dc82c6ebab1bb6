/** Tasks: calls of functions that any idle isolate runs. */
export { type Current, current } from "./context.ts"
export type { Task, TaskState } from "./handle.ts"
export type { TaskOptions } from "./options.ts"
export { parallel } from "./parallel.ts"
export type { ParallelOptions } from "./parallel-loop.ts"
export { type Scope, type ScopeOptions, scope } from "./scope.ts"
export { go, type Remote, remote, type TaskResult, task } from "./task.ts"

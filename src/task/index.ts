/** Tasks: calls of functions that any idle isolate runs. */
export { current, type Current } from "./context.ts"
export type { Task, TaskState } from "./handle.ts"
export { go, type Remote, remote, type TaskOptions, type TaskResult, task } from "./task.ts"

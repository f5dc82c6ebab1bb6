/** Isolates: threads with their own heap and event loop, and the runtime they make up. */
export { type IsolateInfo, isolates, type StartOptions, shutdown, start } from "./runtime.ts"
export { type Shared, share } from "./share.ts"
export { type SharedArrayClass, sharedArray, sharedBytes } from "./shared-memory.ts"

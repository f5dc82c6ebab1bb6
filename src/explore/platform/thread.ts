/**
 * Threads under the explorer: model threads are given to `model()`, so these are the host's own.
 */
export * from "../../internal/platform/thread.ts"

/** Collecting garbage under the explorer: as in production. */
export * from "../../internal/platform/heap.ts"

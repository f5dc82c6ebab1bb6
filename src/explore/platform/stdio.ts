/** Streams under the explorer: models write to none, so these are the host's own. */
export * from "../../internal/platform/stdio.ts"

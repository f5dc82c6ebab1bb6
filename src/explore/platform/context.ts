/**
 * Call-local values under the explorer: a model thread is synchronous, so these are the host's
 * own.
 */
export * from "../../internal/platform/context.ts"

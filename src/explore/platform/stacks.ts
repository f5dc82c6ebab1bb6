/** Stacks of WebAssembly under the explorer: as in production. */
export * from "../../internal/platform/stacks.ts"

/** Bounds in a browser; what is not named here is as elsewhere. */
export * from "../limits.ts"

/** A page has less to give than a process, and reserves what it names. */
export const MEMORY_BYTES = 256 << 20

/** Heddle: every core of one process. The most used names of all rooms. */
export * from "./errors.ts"
export * from "./task/index.ts"

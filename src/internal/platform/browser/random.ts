/** Chance in a browser: as elsewhere. */
export * from "../random.ts"

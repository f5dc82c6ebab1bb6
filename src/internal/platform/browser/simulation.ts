/** Who stands in for the runtime in a browser: as elsewhere. */
export * from "../simulation.ts"

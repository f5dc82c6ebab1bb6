/** Who stands in for the runtime: nobody does for a model thread. */
export * from "../../internal/platform/simulation.ts"

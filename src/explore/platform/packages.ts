/** Packages that are loaded when needed: as in production. */
export * from "../../internal/platform/packages.ts"

/** Where the package's own files lie: as in production. */
export * from "../../internal/platform/module.ts"

/** What the host adds to bytes: as in production. */
export * from "../../internal/platform/bytes.ts"

/** Heddle: every core of one process. The most used names of all rooms. */
export * from "./actor/index.ts"
export * from "./channel/index.ts"
export * from "./errors.ts"
export { move } from "./internal/wire/move.ts"
export { sendable } from "./internal/wire/sendable.ts"
export {
  bool,
  bytes,
  f32,
  f64,
  type Infer,
  i8,
  i16,
  i32,
  i64,
  list,
  optional,
  type Schema,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
} from "./internal/wire/struct.ts"
export * from "./isolate/index.ts"
export * from "./sync/index.ts"
export * from "./task/index.ts"

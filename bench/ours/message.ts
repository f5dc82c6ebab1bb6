/** The object of about 100 bytes as a struct. */
import { bool, f64, list, struct, text, u32 } from "heddle"

export const MessageStruct = struct({
  id: u32,
  name: text(32),
  tags: list(text(16), 3),
  pos: struct({ x: f64, y: f64, ok: bool }),
})

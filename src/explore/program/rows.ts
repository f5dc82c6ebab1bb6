/** What an execution did, row by row. */
import type { Player } from "./player.ts"

/** One operation as performed. */
export interface Row {
  readonly step: number
  readonly player: Player
  readonly object: string
  readonly operation: string
  readonly value: unknown
  answer: unknown
  readonly stack: string
}

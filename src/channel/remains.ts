/** What a channel is to every holder, and what is left of it here when nobody uses it any more. */
import type { Line } from "../internal/loop/line.ts"
import type { SchemaDescription } from "../internal/wire/struct.ts"
import { Arrivals } from "./arrivals.ts"
import type { Slots } from "./slots/types.ts"

/** What happens to a message whose receiver dies before it is done with it. */
export type WhenReceiverDies = "drop" | "redeliver"

/** What every holder of a channel knows of it. */
export interface Meta {
  readonly name: string
  readonly of?: SchemaDescription
  readonly whenReceiverDies: WhenReceiverDies
}

/** What is left of a core when it is collected: it must not refer to the core. */
export class Remains {
  readonly slots: Slots
  readonly arrivals: Arrivals
  receivers: Line | undefined
  senders: Line | undefined

  constructor(slots: Slots) {
    this.slots = slots
    this.arrivals = new Arrivals(slots, () => this.receivers?.serve())
  }

  /** Undoes what the core left in this isolate. */
  dispose(): void {
    this.arrivals.drop()
    this.receivers?.dispose()
    this.senders?.dispose()
    this.slots.dispose()
  }
}

/** What a channel is to every holder, and what is left of it here when nobody uses it any more. */
import { cells } from "../internal/loop/cell.ts"
import type { Line } from "../internal/loop/line.ts"
import type { SchemaDescription } from "../internal/wire/struct.ts"
import { Arrivals } from "./arrivals.ts"
import * as layout from "./layout.ts"
import type { Slots } from "./slots/types.ts"

/** What happens to a message whose receiver dies before it is done with it. */
export type WhenReceiverDies = "drop" | "redeliver"

/** What every holder of a channel knows of it. */
export interface Meta {
  readonly name: string
  readonly of?: SchemaDescription
  readonly whenReceiverDies: WhenReceiverDies
}

const PLAIN: Meta = Object.freeze({ name: "", whenReceiverDies: "drop" })

/** What is noted of a channel for its other holders: nothing, when it is as most are. */
export function notedMeta(meta: Meta): Meta | undefined {
  const isPlain = meta.name === "" && meta.of === undefined && meta.whenReceiverDies === "drop"
  return isPlain ? undefined : meta
}

/** What a holder finds noted. */
export function metaOf(object: number): Meta {
  return (cells().look(object + layout.META) ?? PLAIN) as Meta
}

/** Whether operations of this isolate wait in a line that there may be. */
export function isAnyIn(line: Line | undefined): boolean {
  return line !== undefined && line.length > 0
}

/** What is left of a core when it is collected: it must not refer to the core. */
export class Remains {
  readonly slots: Slots
  readonly arrivals: Arrivals
  receivers: Line | undefined
  senders: Line | undefined

  constructor(slots: Slots) {
    this.slots = slots
    this.arrivals = new Arrivals(slots, this)
  }

  /** Something arrived that receivers here wait for. */
  serve(): void {
    this.receivers?.serve()
  }

  /** Undoes what the core left in this isolate. */
  dispose(): void {
    this.arrivals.drop()
    this.receivers?.dispose()
    this.senders?.dispose()
    this.slots.dispose()
  }
}

/** Who hears of the exits of an explored actor: monitors, supervisors, `exited`. */
import type { ExitListener } from "../../../actor/watch.ts"
import { FOLLOWING } from "../../operation.ts"
import { type Deed, labelOf } from "../entry.ts"
import type { Player } from "../player.ts"
import type { Parcel } from "../values.ts"
import type { Box } from "./box.ts"
import { Act, unpackReason } from "./letter.ts"

/** An exit on its way to one who watches. */
interface Exit {
  readonly reason: Parcel
  readonly final: boolean
}

/** One who watches. */
export class Watch {
  readonly box: Box
  readonly player: Player
  readonly place: number
  readonly exits: Exit[] = []
  deed: Deed | undefined

  constructor(box: Box) {
    this.box = box
    this.player = box.theatre.player
    this.place = box.theatre.newPlace()
  }

  /** An exit is told, as part of a step. */
  tell(reason: Parcel, final: boolean): void {
    const { theatre } = this.box
    if (this.deed !== undefined && this.exits.length === 0) theatre.enables(this.deed)
    this.exits.push({ reason, final })
    theatre.touched(this.place, true)
    theatre.meetAt(this.place, false, true)
    theatre.changed()
  }

  /** Takes the next exit, as part of a step. */
  hear(): Exit {
    const { theatre, title } = this.box
    const exit = this.exits.shift() as Exit
    theatre.touched(this.place, false, FOLLOWING)
    theatre.meetAt(this.place, true, false)
    theatre.row(title, "hear exit of", undefined, unpackReason(exit.reason).reason)
    return exit
  }
}

/**
 * Calls `listener` at each exit of an actor; soon, when it is gone already. `isAwaited`: that is
 * what the code waits for. Returns what ends it.
 */
export function watch(box: Box, listener: ExitListener, isAwaited = false): () => void {
  const { theatre } = box
  const act = new Act(box.title, "watch", box.all(true))
  const found = theatre.choose(act, (): Watch | Parcel => {
    if (box.reason !== undefined) return box.reason
    const made = new Watch(box)
    box.watches.add(made)
    return made
  })
  let isOver = false
  const tell = ({ reason, final }: Exit): void => {
    const value = unpackReason(reason)
    theatre.within(() => queueMicrotask(() => isOver || listener(value, final)))
  }
  if (!(found instanceof Watch)) {
    tell({ reason: found, final: true })
    return () => {
      isOver = true
    }
  }
  const deed: Deed = {
    label: labelOf(box.title, "exit of"),
    later: true,
    ...(isAwaited ? {} : { rests: "unless alone" }),
    ready: () => found.exits.length > 0,
    waitsFor: () => (box.life === undefined ? [] : [box.life.party]),
    attempt: () => {
      const exit = theatre.operate("hear exit", () => found.hear())
      tell(exit)
      return exit.final
    },
    touch: () => {},
  }
  found.deed = deed
  theatre.enter(deed)
  return () => {
    if (isOver) return
    isOver = true
    theatre.operate("unwatch", () => {
      box.watches.delete(found)
      theatre.touched(box.lane, true)
    })
    theatre.drop(deed)
  }
}

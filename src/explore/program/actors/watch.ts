/** Who hears of the exits of an explored actor: monitors, supervisors, `exited`. */
import type { ExitReason } from "../../../actor/exit.ts"
import type { ExitListener } from "../../../actor/watch.ts"
import { labelOf } from "../entry.ts"
import { isLeave } from "../leave.ts"
import type { Player } from "../player.ts"
import type { Parcel } from "../values.ts"
import type { Box } from "./box.ts"
import { Act, unpackReason } from "./letter.ts"
import type { Mail, Wanted } from "./mail.ts"

/** An exit on its way to one who watches. */
interface Exit {
  readonly reason: Parcel
  readonly final: boolean
}

/** One who watches. */
export class Watch implements Wanted {
  readonly box: Box
  readonly player: Player
  readonly place: number
  readonly mail: Mail

  constructor(box: Box) {
    this.box = box
    this.player = box.theatre.player
    this.place = box.theatre.newPlace()
    this.mail = box.company.mailOf(this.player)
  }

  /** An exit is told, as part of a step. */
  tell(reason: Parcel, final: boolean): void {
    const exit: Exit = { reason, final }
    const value = (): unknown => unpackReason(reason).reason
    this.mail.tell(this, exit, { label: labelOf(this.box.title, "exit of"), value })
  }

  /** Nobody watches any more, as part of a step. */
  end(): void {
    this.box.watches.delete(this)
    this.mail.forget(this)
  }
}

/** Calls a listener, whose code may only be left where it is, to be run again. */
function hear(listener: ExitListener, reason: ExitReason, final: boolean): void {
  try {
    listener(reason, final)
  } catch (error) {
    if (!isLeave(error)) throw error
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
    theatre.within(() => queueMicrotask(() => isOver || hear(listener, value, final)))
  }
  if (!(found instanceof Watch)) {
    tell({ reason: found, final: true })
    return () => {
      isOver = true
    }
  }
  const { mail } = found
  mail.expect(found, {
    label: labelOf(box.title, "exit of"),
    ...(isAwaited ? {} : { rests: "unless alone" }),
    waitsFor: () => (box.life === undefined ? [] : [box.life.party]),
    hear: (value) => {
      const exit = value as Exit
      if (exit.final) mail.close(found)
      tell(exit)
    },
  })
  return () => {
    if (isOver) return
    isOver = true
    mail.close(found)
    theatre.operate("unwatch", () => {
      found.end()
      theatre.touched(box.lane, true)
    })
  }
}

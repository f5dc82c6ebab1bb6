/** Ends of the tasks of an explored program: how they are told, heard, and brought about. */
import { HeddleError, IsolateDiedError, TaskCancelledError } from "../../errors.ts"
import { fromFailure, toFailure } from "../../internal/wire/failure.ts"
import { FOLLOWING } from "../operation.ts"
import { type Deed, labelOf } from "./entry.ts"
import { Unexplained } from "./failure.ts"
import { isLeave } from "./leave.ts"
import type { Ending, Player } from "./player.ts"
import type { StagedTask } from "./task.ts"
import type { Theatre } from "./theatre.ts"
import { type Parcel, pack, unpack } from "./values.ts"

/** A task has ended. */
export function end(theatre: Theatre, player: Player, ending: Ending): void {
  if (player.ending !== undefined) return
  player.ending = ending
  theatre.changed()
  theatre.touched(player.place, true)
  const { parent } = player
  if (parent === undefined) {
    if (ending.state === "failed" && !isLeave(ending.error)) failed(theatre, ending.error)
    return
  }
  if (player.awaited) tell(theatre, parent, player)
}

function failed(theatre: Theatre, error: unknown): void {
  if (error instanceof Unexplained) theatre.failed("not linearizable", error.message)
  else theatre.failed("error", `the program throws ${error}`, error)
}

/** A task that has ended comes into the mail of the one who waits for that. */
function tell(theatre: Theatre, parent: Player, player: Player): void {
  parent.mail.push(player)
  if (parent.mailPlace < 0) parent.mailPlace = theatre.newPlace()
  theatre.touched(parent.mailPlace, true)
  if (parent.inbox !== undefined && parent.mail.length === 1) theatre.enables(parent.inbox)
}

/** The simulated isolate of a task has died. */
export function die(theatre: Theatre, player: Player): void {
  theatre.row(player.label, "dies", undefined, undefined)
  const error = new IsolateDiedError(player.isolate, "killed")
  end(theatre, player, { state: "died", error })
}

/** The code of a task wants to know when one of its tasks has ended. */
export function hearEnd(theatre: Theatre, task: StagedTask<unknown>): void {
  const { player: parent } = theatre
  const { player } = task
  theatre.operate("await", () => {
    player.heard = true
    if (player.awaited) return
    player.awaited = true
    if (player.ending !== undefined) tell(theatre, parent, player)
  })
  if (parent.inbox !== undefined) return
  const deed: Deed = {
    get label() {
      const open = [...parent.take.tasks.values()].filter((one) => one.isAwaited)
      return labelOf(open.map((one) => one.player.label).join(", "), "await")
    },
    ready: () => parent.mail.length > 0,
    waitsFor: () =>
      [...parent.take.tasks].filter(([, one]) => one.isAwaited).map(([child]) => child),
    attempt: () => {
      const child = theatre.operate("hear", () => {
        const ended = parent.mail.shift() as Player
        theatre.touched(ended.place, false, FOLLOWING)
        theatre.order.follow(parent, ended)
        theatre.row(ended.label, "await", undefined, ended.ending?.state)
        return ended
      })
      theatre.take.tasks.get(child)?.deliver(child.ending as Ending)
      return false
    },
    touch: () => {},
  }
  parent.inbox = deed
  theatre.enter(deed, parent)
}

/** Settles a promise as its task has ended. */
export function settle(
  player: Player,
  ending: Ending,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): "completed" | "failed" {
  try {
    resolve(outcomeOf(player, ending))
    return "completed"
  } catch (error) {
    reject(error)
    return "failed"
  }
}

/** What a task that has ended gives where it was submitted; throws what it has thrown. */
export function outcomeOf(player: Player, ending: Ending): unknown {
  if (ending.state === "completed") return unpack(ending.value as Parcel)
  throw ending.state === "died" ? ending.error : carried(ending.error, player)
}

/** An error as it arrives elsewhere. */
function carried(error: unknown, player: Player): unknown {
  return fromFailure(unpack(pack(toFailure(error, `isolate ${player.isolate}`), "error")))
}

/** Cancels a task; gives what its promise rejects with. */
export function cancelTask(theatre: Theatre, task: StagedTask<unknown>, reason: unknown): unknown {
  const { player } = task
  const error = reason instanceof HeddleError ? reason : new TaskCancelledError(reason, task.name)
  theatre.operate("cancel", () => {
    player.heard = true
    theatre.row(player.label, "cancel", undefined, undefined)
    if (player.ending === undefined) theatre.enter(cancellation(theatre, player, error), player)
  })
  return error
}

function cancellation(theatre: Theatre, player: Player, error: unknown): Deed {
  return {
    label: labelOf(player.label, "cancel"),
    ready: () => true,
    attempt: () => {
      theatre.changed()
      if (player.begun) player.take.context.abort(error)
      else end(theatre, player, { state: "failed", error })
      return true
    },
    touch: () => {},
  }
}

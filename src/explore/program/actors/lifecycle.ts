/** Ends of lives in an explored program: who is told, what is discarded, who dies with whom. */

import { type ExitReason, KILLED } from "../../../actor/exit.ts"
import { ActorStoppedError, IsolateDiedError } from "../../../errors.ts"
import type { Footprint } from "../../operation.ts"
import type { Player } from "../player.ts"
import type { Box } from "./box.ts"
import { packReason } from "./letter.ts"

/** A life has ended, as part of a step: the actor is down, or gone. */
function conclude(box: Box, reason: ExitReason): void {
  if (box.state !== "lives") return
  box.theatre.row(box.title, "exits", undefined, reason.reason)
  if (box.life?.isGuest === true) box.life.player.guests--
  box.life = undefined
  if (!box.isSupervised) {
    finish(box, reason)
    return
  }
  box.state = "down"
  box.signals.length = 0
  box.touchAll()
  fire(box, reason, false)
}

/** Nobody will start an actor again that is down. */
export function retire(box: Box, reason: ExitReason): void {
  if (box.state === "down") finish(box, reason)
}

function finish(box: Box, reason: ExitReason): void {
  if (box.state === "gone") return
  const stuck = box.stuck()
  box.setReason(reason)
  box.state = "gone"
  box.signals.length = 0
  box.touchAll()
  for (const letter of box.letters.splice(0)) box.discard(letter, () => box.goneError())
  box.wake(stuck)
  box.company.unregister(box)
  fire(box, reason, true)
}

/** Tells linked actors, then those who watch. */
function fire(box: Box, reason: ExitReason, final: boolean): void {
  const { player } = box.theatre
  const parcel = packReason(reason, player)
  for (const [target, heard] of [...box.links]) {
    if (heard < 2 * box.lives - (final ? 0 : 1)) target.signal({ kind: "linked exit", parcel })
    box.links.set(target, 2 * box.lives)
  }
  if (final) box.links.clear()
  for (const watch of [...box.watches]) watch.tell(parcel, final)
  if (final) box.watches.clear()
}

/** The message in hand fails, as part of a step. */
export function failCurrent(box: Box, error: unknown, by: Player): void {
  const letter = box.current
  if (letter === undefined) return
  box.finish()
  letter.question?.reject(error, by)
}

/** The exit of a life in order, or by an order: the message in hand is lost. */
export function exit(box: Box, reason: ExitReason): void {
  const { player } = box.theatre
  failCurrent(box, new ActorStoppedError(box.title, reason), player)
  conclude(box, reason)
}

/** A simulated isolate has died, with all that lived in it. */
export function died(boxes: Iterable<Box>, player: Player): void {
  const all = [...boxes]
  for (const box of all) {
    for (const watch of [...box.watches]) if (watch.player === player) box.watches.delete(watch)
  }
  for (const box of all) if (box.life?.player === player) orphan(box, player)
  for (const box of all)
    if (box.making.supervised && box.making.owner === player) abandon(box, player)
}

function orphan(box: Box, player: Player): void {
  const error = new IsolateDiedError(player.isolate, "killed")
  box.life?.start.reject(error, player)
  const letter = box.current
  box.finish()
  if (letter !== undefined && box.making.redelivers) box.letters.unshift(letter)
  else if (letter?.question !== undefined) letter.question.reject(error, player)
  else if (letter !== undefined) box.company.bury(box.title, letter, error)
  const isKilled = box.signals.some(({ kind }) => kind === "kill")
  conclude(box, isKilled ? KILLED : { reason: "isolate-died", error })
}

/** Its supervisor died: nobody will start it again. */
function abandon(box: Box, player: Player): void {
  const error = new IsolateDiedError(player.isolate, "killed")
  if (box.state === "down") retire(box, { reason: "isolate-died", error })
  else if (box.state === "lives") box.signal({ kind: "kill", parcel: undefined })
}

/** What the death of a simulated isolate would touch. */
export function mourns(boxes: Iterable<Box>, player: Player, into: Footprint): void {
  for (const box of boxes) {
    const lives = box.life?.player === player
    const owns = box.making.supervised && box.making.owner === player && box.state !== "gone"
    if (!lives && !owns) continue
    for (const [place] of box.all(true)) into.add(place, true)
    for (const { place } of box.watches) into.add(place, true)
    for (const { lane } of box.links.keys()) into.add(lane, true)
    if (box.current?.question !== undefined) into.add(box.current.question.place, true)
    for (const { question } of box.letters) {
      if (question !== undefined) into.add(question.place, true)
    }
    if (box.registered !== "") into.add(box.company.names, true)
  }
}

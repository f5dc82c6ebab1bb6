/** Where operations of this isolate wait to meet somebody at a channel without slots. */
import { now } from "#platform/clock"
import type { Operation } from "../../internal/loop/line.ts"
import { blockUntil } from "../../internal/loop/pump.ts"
import * as shared from "../../internal/queue/meeting.ts"
import type { Waits } from "../flavor.ts"
import { Meeting } from "./meeting.ts"
import type { RendezvousCore } from "./rendezvous.ts"

/** Those of this isolate that wait on one side. */
export class MeetingWaits implements Waits {
  /** Nobody is overtaken: who comes later stands behind in the shared list. */
  readonly length = 0
  readonly core: RendezvousCore
  readonly side: number
  readonly #meetings = new WeakMap<Operation, Meeting>()

  constructor(core: RendezvousCore, side: number) {
    this.core = core
    this.side = side
  }

  wait(operation: Operation, value?: unknown): void {
    if (this.side === shared.REQUEST && this.core.remains.arrivals.some) {
      this.waitForArrival(operation)
      return
    }
    const meeting = this.#meet(operation, value)
    if (meeting === undefined) return
    this.#meetings.set(operation, meeting)
    meeting.begin()
  }

  /** Whether a value has to wait with its sender; the operation fails when it cannot be sent. */
  mustStay(value: unknown): boolean {
    return this.side === shared.OFFER && this.core.moves(value)
  }

  #meet(operation: Operation, value: unknown): Meeting | undefined {
    try {
      if (this.mustStay(value)) {
        this.core.movers.wait(operation)
        return undefined
      }
      return new Meeting([{ core: this.core, side: this.side, operation, value }])
    } catch (error) {
      this.core.fail(operation, error)
      return undefined
    }
  }

  /** Tries again when a value that was handed over has arrived. */
  waitForArrival(operation: Operation): void {
    this.core.remains.later.set(operation, () => {
      if (!operation.attempt()) this.wait(operation)
    })
  }

  giveUp(operation: Operation): boolean {
    return (
      this.core.remains.later.delete(operation) ||
      (this.core.remains.movers?.giveUp(operation) ?? false) ||
      (this.#meetings.get(operation)?.giveUp() ?? false)
    )
  }

  block(operation: Operation, timeoutMs: number, value?: unknown): boolean {
    if (this.side === shared.REQUEST && this.core.isArriving) {
      return blockUntil(() => operation.attempt(), now() + timeoutMs)
    }
    if (this.mustStay(value)) return this.core.movers.block(operation, timeoutMs)
    const meeting = this.#meet(operation, value)
    if (meeting === undefined) return true
    meeting.begin()
    if (blockUntil(() => meeting.isOver, now() + timeoutMs)) return true
    if (meeting.giveUp()) return false
    return blockUntil(() => meeting.isOver, Infinity)
  }
}

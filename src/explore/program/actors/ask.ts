/** Asking and telling explored actors: each post is a step, and so is hearing the answer. */
import { optional } from "../../../actor/post.ts"
import type { AskOptions } from "../../../actor/ref.ts"
import { DeadlockError, TimeoutError } from "../../../errors.ts"
import { type Deed, labelOf } from "../entry.ts"
import { isLeave } from "../leave.ts"
import { pack, unpack } from "../values.ts"
import type { Box, Posted } from "./box.ts"
import { running } from "./home.ts"
import { Act, type Answer, type Letter, Question, unpackError } from "./letter.ts"

/** Wait as long as it takes. */
export const NO_LIMITS: AskOptions = {}

interface Sent {
  readonly letter: Letter
  readonly outcome: Posted
}

/** Posts a message: a step. */
function send(box: Box, verb: "ask" | "tell", method: string, args: unknown[]): Sent {
  const { theatre, title, company } = box
  const operation = method === "" ? verb : `${verb} ${method}`
  const sender = running()
  const label = labelOf(title, operation)
  return theatre.choose(new Act(title, operation, box.posts), () => {
    const { player } = theatre
    const letter: Letter = {
      method,
      args: pack(args, "args"),
      sender: sender?.ended === false ? sender.box : undefined,
      question: verb === "ask" ? new Question(theatre, company.mailOf(player), label) : undefined,
      nth: 0,
    }
    const outcome = box.post(letter, box.waiting.length === 0)
    const value = args.length > 1 ? args : args[0]
    theatre.row(title, operation, value, outcome === "ok" ? undefined : outcome)
    return { letter, outcome }
  })
}

/** As `ref.tell`. */
export function tell(box: Box, method: string, args: unknown[]): Promise<void> {
  try {
    const { letter, outcome } = send(box, "tell", method, args)
    if (outcome === "gone") return optional(Promise.reject(box.goneError()))
    if (outcome === "full") return optional(Promise.reject(box.fullError()))
    if (outcome === "ok") return Promise.resolve()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waitForRoom(box, letter, `tell ${method}`, resolve, reject)
    return optional(promise)
  } catch (error) {
    if (isLeave(error)) throw error
    return Promise.reject(error)
  }
}

/** As `ref.ask`. */
export function ask(
  box: Box,
  method: string,
  args: unknown[],
  limits: AskOptions,
): Promise<unknown> {
  if (limits.signal?.aborted === true) return Promise.reject(limits.signal.reason)
  const asker = running()
  if (asker?.box === box && asker.isAtWork) {
    return Promise.reject(selfAsk(box, method))
  }
  try {
    const { letter, outcome } = send(box, "ask", method, args)
    if (outcome === "gone") return Promise.reject(box.goneError())
    if (outcome === "full") return Promise.reject(box.fullError())
    const question = letter.question as Question
    return new Promise((resolve, reject) => {
      const room =
        outcome === "wait" ? waitForRoom(box, letter, `ask ${method}`, noop, reject) : undefined
      awaitAnswer(box, question, limits, { room, resolve, reject, call: callOf(box, method) })
    })
  } catch (error) {
    if (isLeave(error)) throw error
    return Promise.reject(error)
  }
}

function noop(): void {}

function selfAsk(box: Box, method: string): DeadlockError {
  const waitsFor = `${callOf(box, method)}, which is itself`
  return new DeadlockError([{ who: box.title, where: "", waitsFor }])
}

/** What is asked of whom, as errors say it. */
function callOf({ title }: Box, method: string): string {
  return `${method === "" ? "a message" : method} of ${title}`
}

interface Asking {
  /** What is asked of whom. */
  readonly call: string
  /** Waits for room in the mailbox. */
  readonly room: Deed | undefined
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Waits until a question is answered, or its limit is reached. */
export function awaitAnswer(
  box: Box,
  question: Question,
  { timeoutMs, signal }: AskOptions,
  { room, resolve, reject, call }: Asking,
): void {
  const { theatre } = box
  const { mail, label } = question
  mail.expect(question, {
    label,
    waitsFor: () => (box.life === undefined ? [] : [box.life.party]),
    hear: (value) => {
      const { failed, parcel } = value as Answer
      end()
      if (failed) reject(unpackError(parcel))
      else resolve(unpack(parcel))
    },
  })
  const giveUp = (error: unknown): void => {
    end()
    if (room !== undefined) theatre.withdraw(room)
    theatre.operate("give up", () => question.giveUp())
    reject(error)
  }
  const abort = (): void => giveUp(signal?.reason)
  signal?.addEventListener("abort", abort, { once: true })
  const timer =
    timeoutMs === undefined || timeoutMs === Infinity
      ? undefined
      : theatre.after(timeoutMs, () => giveUp(new TimeoutError("ask", timeoutMs, call)))
  const end = (): void => {
    mail.close(question)
    timer?.stop()
    signal?.removeEventListener("abort", abort)
  }
}

/** Waits until a full mailbox has room, in the order of those who wait. */
function waitForRoom(
  box: Box,
  letter: Letter,
  operation: string,
  resolve: () => void,
  reject: (error: unknown) => void,
): Deed {
  const { theatre, waiting } = box
  const deed: Deed = {
    label: labelOf(box.title, operation.trim()),
    later: true,
    ready: () =>
      box.state === "gone" || (waiting[0] === deed && box.letters.length < box.making.capacity),
    waitsFor: () => (box.life === undefined ? [] : [box.life.party]),
    attempt: () => {
      const outcome = theatre.operate("post", () => {
        for (const [place, writes] of box.posts) theatre.touched(place, writes)
        const posted = box.post(letter, true)
        theatre.row(box.title, operation, undefined, posted === "ok" ? undefined : posted)
        return posted
      })
      if (outcome === "ok") resolve()
      else reject(box.goneError())
      return true
    },
    touch: (into) => {
      for (const [place, writes] of box.posts) into.add(place, writes)
    },
    replaces: (before) => {
      const at = waiting.indexOf(before)
      if (at >= 0) waiting[at] = deed
    },
    gone: () => {
      const at = waiting.indexOf(deed)
      if (at >= 0) waiting.splice(at, 1)
    },
  }
  if (theatre.enter(deed)) waiting.push(deed)
  return deed
}

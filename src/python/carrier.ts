/**
 * What main fetches for the threads of interpreters: buffers that are moved or shared travel by
 * ports, to which a thread that computes or blocks does not listen. It asks main, and sleeps until
 * it is told.
 */
import type { Thread } from "#platform/thread"
import type { Here } from "../internal/loop/here.ts"
import { destroyObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { letGo } from "../internal/memory/objects.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { parcels, sharedBuffers } from "../internal/wire/carriers.ts"
import { sharedBytes } from "../isolate/index.ts"
import { objectOf } from "../isolate/shared-buffers.ts"
import type { Asked, Said } from "./from-thread.ts"
import { bump, ROW } from "./world.ts"

/** An answer; without a buffer there is none, for this reason. */
export interface Fetched {
  readonly buffer?: ArrayBuffer | SharedArrayBuffer
  /** The number of a shared buffer. */
  readonly id?: number
  readonly lost?: string
}

/** Who asks. */
interface Asker {
  readonly thread: Thread
  readonly token: number
  readonly seat: number
}

/** Fetches a buffer for a thread, and wakes it; when that has ended meanwhile, gives it back. */
export async function fetchFor(
  at: Here,
  { thread, token, seat }: Asker,
  asked: Asked,
): Promise<void> {
  let answer: Fetched
  try {
    answer = await fetched(asked)
  } catch (error) {
    answer = { lost: error instanceof Error ? error.message : String(error) }
  }
  const { buffer, id } = answer
  // Its seat is no more: the words there may be another's by now.
  if (!isAlive(at.words, token)) {
    if (asked.want === "new shared" && id !== undefined) sharedBuffers().release(id)
    return
  }
  thread.post(answer, buffer instanceof ArrayBuffer ? [buffer] : [])
  bump(at.words, seat + ROW.MAIL)
}

async function fetched(asked: Asked): Promise<Fetched> {
  if (asked.want === "parcel") {
    const { home, id } = asked
    await parcels().arrive(home, id)
    return { buffer: parcels().take(home, id) }
  }
  const shared = sharedBuffers()
  if (asked.want === "shared") {
    await shared.arrive(asked.id)
    return { buffer: shared.bufferOf(asked.id) as SharedArrayBuffer, id: asked.id }
  }
  const { buffer } = sharedBytes(asked.bytes)
  const id = shared.idOf(buffer)
  // The reference goes with the answer.
  shared.retain(id)
  return { buffer, id }
}

/** Does for a thread what only this isolate can. */
export function heedFrom(at: Here, token: number, said: Said): void {
  if (said.over === "parcel") parcels().drop(said.home, said.id)
  else if (said.over === "shared on its way") sharedBuffers().release(said.id)
  else if (letGo(at.words, objectOf(said.id), token))
    destroyObject(at, objectOf(said.id), KIND.SHARED_BYTES)
}

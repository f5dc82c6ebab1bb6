/**
 * Ports between any two isolates, for what only the host can carry: moved and shared buffers.
 *
 * Values cross in shared memory; a message that moves a buffer names a *parcel*, and the buffer
 * itself goes by port. Main makes the ports when an isolate starts, and no buffer passes through
 * it. A port is emptied by its event and, synchronously, by whoever looks for something on it.
 */
import { MessageChannel, type MessagePort, onPort, receiveMessageOnPort } from "#platform/thread"
import { here } from "../internal/loop/here.ts"
import { ring } from "../internal/memory/doorbell.ts"
import { ownerOf, slotOf } from "../internal/memory/owners.ts"

/** One end of a port, and the slot of the isolate at the other. */
export interface MeshLink {
  readonly slot: number
  readonly port: MessagePort
}

/** A message on a port; `type` says who reads it. */
export interface MeshMessage {
  readonly type: string
}

type Reader = (message: never, from: number) => void

const ports = new Map<number, MessagePort>()
const readers = new Map<string, Reader>()

/** Says who reads messages of a type. */
export function onMesh<M extends MeshMessage>(
  type: M["type"],
  reader: (message: M, from: number) => void,
): void {
  readers.set(type, reader as Reader)
}

/** Slots of the isolates that can be reached from here. */
export function reachable(): number[] {
  return [...ports.keys()]
}

/** Sends to one isolate; false when it cannot be reached. Its doorbell rings. */
export function post(
  slot: number,
  message: MeshMessage,
  transfer: readonly (ArrayBuffer | MessagePort)[] = [],
): boolean {
  const port = ports.get(slot)
  if (port === undefined) return false
  port.postMessage(message, transfer as ArrayBuffer[])
  const token = ownerOf(here().words, slot)
  if (token !== 0) ring(here().words, token)
  return true
}

/** Sends to all isolates. */
export function postAll(message: MeshMessage): void {
  for (const slot of ports.keys()) post(slot, message)
}

/** Reads everything that has arrived. */
export function readPorts(): void {
  for (const [slot, port] of ports) {
    for (
      let next = receiveMessageOnPort(port);
      next !== undefined;
      next = receiveMessageOnPort(port)
    ) {
      read(next.message as MeshMessage, slot)
    }
  }
}

function read(message: MeshMessage, from: number): void {
  readers.get(message.type)?.(message as never, from)
}

const linkListeners: ((slot: number) => void)[] = []

/** `listener` learns of each isolate that can be reached from now on; it may succeed another. */
export function onLink(listener: (slot: number) => void): void {
  linkListeners.push(listener)
}

function addLink({ slot, port }: MeshLink): void {
  ports.get(slot)?.close()
  ports.set(slot, port)
  onPort(port, (message) => read(message as MeshMessage, slot))
  for (const listener of linkListeners) listener(slot)
}

/**
 * What main tells a running isolate about a new one: by port, for an isolate that blocks its thread
 * reads nothing else, and may wait for what the new one has.
 */
interface Introduction extends MeshMessage {
  readonly type: "introduction"
  readonly link: MeshLink
}

onMesh<Introduction>("introduction", ({ link }) => addLink(link))

/** Links a new isolate in `slot` to main and to those in `others`. Called in main. */
export function linkTo(slot: number, others: Iterable<number>): MeshLink[] {
  const toMain = new MessageChannel()
  const links: MeshLink[] = [{ slot: slotOf(here().me), port: toMain.port2 }]
  for (const other of others) {
    const { port1, port2 } = new MessageChannel()
    const introduction: Introduction = { type: "introduction", link: { slot, port: port1 } }
    post(other, introduction, [port1])
    links.push({ slot: other, port: port2 })
  }
  addLink({ slot, port: toMain.port1 })
  return links
}

/** Joins the mesh from a new isolate. */
export function joinMesh(links: readonly MeshLink[]): void {
  for (const link of links) addLink(link)
}

/** The isolate in `slot` has ended. Called in main; the others hear it from their ports. */
export function unlinkFrom(slot: number): void {
  ports.get(slot)?.close()
  ports.delete(slot)
}

/** Forgets the ports of isolates that have died. */
export function forgetTheDead(): void {
  for (const slot of [...ports.keys()]) {
    if (ownerOf(here().words, slot) === 0) unlinkFrom(slot)
  }
}

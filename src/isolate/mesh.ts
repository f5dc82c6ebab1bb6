/** Ports between isolates, for what the host must carry: moved buffers and shared ones. */
import type { MessagePort } from "#platform/thread"

/** One end of a port, and the isolate at the other. */
export interface MeshLink {
  readonly slot: number
  readonly port: MessagePort
}

/** What a new isolate is given to reach the others. */
export interface MeshStart {
  readonly links: readonly MeshLink[]
  readonly transfer: readonly MessagePort[]
  readonly shared: readonly (readonly [number, SharedArrayBuffer])[]
}

/** Links a new isolate to all others. Called in main. */
export function linkTo(_slot: number, _token: number): MeshStart {
  return { links: [], transfer: [], shared: [] }
}

/** Forgets an isolate that ended. Called in main. */
export function unlinkFrom(_slot: number): void {}

/** Joins the mesh from a new isolate. */
export function joinMesh(
  _links: readonly MeshLink[],
  _shared: readonly (readonly [number, SharedArrayBuffer])[],
): void {}

/** How shared objects of each kind end, when the last isolate has let go of one. */
import { destroy, drop, kindOf } from "../memory/objects.ts"
import type { Here } from "./here.ts"

/** Undoes what an object of one kind holds beside its own block. */
export type Destroyer = (at: Here, object: number) => void

const destroyers: (Destroyer | undefined)[] = []

/** Says what ends with an object of a kind. Each room does so once, when it is loaded. */
export function onDestroy(kind: number, destroyer: Destroyer): void {
  destroyers[kind] = destroyer
}

/** Ends an object that nobody holds any more. */
export function destroyObject(at: Here, object: number, kind: number): void {
  destroyers[kind]?.(at, object)
  destroy(at.words, at.arena, object)
}

/** Drops the reference of a message that nobody will decode. */
export function releaseObject(at: Here, object: number): void {
  const kind = kindOf(at.words, object)
  if (drop(at.words, object)) destroyObject(at, object, kind)
}

/** How shared objects of each kind end, when the last isolate has let go of one. */
import { sheltered } from "../memory/guard.ts"
import { destroy, drop, kindOf, letGo } from "../memory/objects.ts"
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
  dropOne(at, object, drop)
}

/** This isolate lets go of an object. */
export function letGoOfObject(at: Here, object: number): void {
  dropOne(at, object, letGo)
}

/** Sheltered: of an object without references nobody could tell whether somebody still ends it. */
function dropOne(at: Here, object: number, isLast: typeof letGo): void {
  sheltered(at.words, at.me, () => {
    const kind = kindOf(at.words, object)
    if (isLast(at.words, object, at.me)) destroyObject(at, object, kind)
  })
}

/**
 * Supervision trees that live in other isolates than main, which ends them with its own.
 *
 * An isolate says that a tree begins and has ended; main asks it to end, and hears meanwhile who
 * has not. What an isolate says before it tells main anything else is read before a shutdown.
 */
import { after } from "#platform/clock"
import { TREE_REPORT_MS } from "#platform/limits"
import { here } from "../internal/loop/here.ts"
import { onDeath } from "../internal/loop/pump.ts"
import { ownerOf } from "../internal/memory/owners.ts"
import { type MeshMessage, onMesh, post } from "../isolate/mesh.ts"
import type { Tree } from "./trees.ts"

const MAIN = 0

interface Began extends MeshMessage {
  readonly type: "tree began"
  readonly number: number
  readonly name: string
}

interface Ended extends MeshMessage {
  readonly type: "tree ended"
  readonly number: number
}

/** Who has not ended. */
interface Standing extends MeshMessage {
  readonly type: "tree stands"
  readonly number: number
  readonly names: readonly string[]
}

interface Order extends MeshMessage {
  readonly type: "tree shall end"
  readonly number: number
  readonly kill: boolean
}

/** Trees of this isolate, by number. */
const own = new Map<number, Tree>()
let last = 0

/** A tree has begun in this isolate, not in main. Returns what is called when it has ended. */
export function announce(tree: Tree): () => void {
  const number = ++last
  own.set(number, tree)
  const message: Began = { type: "tree began", number, name: tree.name }
  post(MAIN, message)
  return () => {
    if (!own.delete(number)) return
    const over: Ended = { type: "tree ended", number }
    post(MAIN, over)
  }
}

onMesh<Order>("tree shall end", ({ number, kill }) => {
  const tree = own.get(number)
  if (tree === undefined) return
  if (kill) tree.kill()
  else {
    void tree.end()
    report(number, tree)
  }
})

function report(number: number, tree: Tree): void {
  if (!own.has(number)) return
  const message: Standing = { type: "tree stands", number, names: tree.names() }
  post(MAIN, message)
  after(TREE_REPORT_MS, () => report(number, tree), true)
}

/** A tree of another isolate, as main has it. */
class TreeAbroad implements Tree {
  readonly name: string
  readonly slot: number
  readonly #token: number
  readonly #number: number
  readonly #over = Promise.withResolvers<void>()
  standing: readonly string[]

  constructor(slot: number, number: number, name: string) {
    this.name = name
    this.slot = slot
    this.#token = ownerOf(here().words, slot)
    this.#number = number
    this.standing = [`${name} in isolate ${slot}`]
  }

  /** Whether its isolate lives. */
  get isThere(): boolean {
    return ownerOf(here().words, this.slot) === this.#token
  }

  over(): void {
    this.#over.resolve()
  }

  end(): Promise<void> {
    this.#order(false)
    return this.#over.promise
  }

  kill(): void {
    this.#order(true)
  }

  names(): string[] {
    return [...this.standing]
  }

  #order(kill: boolean): void {
    const message: Order = { type: "tree shall end", number: this.#number, kill }
    if (!this.isThere || !post(this.slot, message)) this.over()
  }
}

/** By slot and number: the tree, and what is called when it has ended. */
const abroad = new Map<string, { readonly tree: TreeAbroad; readonly uproot: () => void }>()

/** In main: what is called for each tree that begins elsewhere; it returns what ends that. */
export function hearOfTrees(plant: (tree: Tree) => () => void): void {
  onMesh<Began>("tree began", ({ number, name }, from) => {
    const tree = new TreeAbroad(from, number, name)
    abroad.set(`${from}:${number}`, { tree, uproot: plant(tree) })
  })
  onMesh<Standing>("tree stands", ({ number, names }, from) => {
    const known = abroad.get(`${from}:${number}`)
    if (known !== undefined) known.tree.standing = names
  })
  onMesh<Ended>("tree ended", ({ number }, from) => forget(`${from}:${number}`))
  onDeath(() => {
    for (const [key, { tree }] of [...abroad]) if (!tree.isThere) forget(key)
  })
}

function forget(key: string): void {
  const known = abroad.get(key)
  if (known === undefined) return
  abroad.delete(key)
  known.uproot()
  known.tree.over()
}

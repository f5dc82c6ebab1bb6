/** Quicksort, an actor for each part above a threshold. Checked: sorted, and the same values. */
import { Actor, type ActorRef, actor, move, spawn, type Takes } from "heddle"
import { Chance, expect, me, type Program, UNBOUNDED } from "../kit.ts"

type Values = Float64Array<ArrayBuffer>

/** Which part of its parent's values an actor sorts. */
type Side = "left" | "right" | "whole"

export class QuickSort extends Actor {
  static {
    actor(import.meta.url, "QuickSort", QuickSort)
  }
  readonly side: Side
  readonly threshold: number
  readonly parent: ActorRef<QuickSort> | ActorRef<Takes<Values>>
  pivots: Values = new Float64Array(0)
  readonly parts = new Map<Side, Values>()
  constructor(
    side: Side,
    threshold: number,
    parent: ActorRef<QuickSort> | ActorRef<Takes<Values>>,
  ) {
    super()
    this.side = side
    this.threshold = threshold
    this.parent = parent
  }
  async sort(values: Values): Promise<void> {
    if (values.length < this.threshold) {
      this.answer(values.sort())
      return
    }
    const pivot = values[values.length >> 1]
    this.pivots = values.filter((value) => value === pivot)
    const make = (side: Side): Promise<ActorRef<QuickSort>> =>
      spawn(QuickSort, [side, this.threshold, me<QuickSort>(this)], UNBOUNDED)
    const [left, right] = await Promise.all([make("left"), make("right")])
    void left.tell.sort(move(values.filter((value) => value < pivot)))
    void right.tell.sort(move(values.filter((value) => value > pivot)))
  }
  sorted(values: Values, side: Side): void {
    this.parts.set(side, values)
    const [left, right] = [this.parts.get("left"), this.parts.get("right")]
    if (left === undefined || right === undefined) return
    const all = new Float64Array(left.length + this.pivots.length + right.length)
    all.set(left)
    all.set(this.pivots, left.length)
    all.set(right, left.length + this.pivots.length)
    this.answer(all)
  }
  answer(values: Values): void {
    if (this.side === "whole") void (this.parent as ActorRef<Takes<Values>>).tell(move(values))
    else void (this.parent as ActorRef<QuickSort>).tell.sorted(move(values), this.side)
    this.self.stop()
  }
}

interface Sizes {
  readonly values: number
  readonly threshold: number
}

export const program: Program<Sizes> = {
  name: "quicksort",
  suite: { values: 1_000_000, threshold: 2_048 },
  small: { values: 2_000, threshold: 100 },
  async run({ values: count, threshold }, stage) {
    const chance = new Chance(1_024)
    const values = Float64Array.from({ length: count }, () => Math.floor(chance.next() * 2 ** 53))
    const expected = values.slice().sort()
    const { report, all } = await stage.gather<Values>(1)
    const root = await stage.spawn(QuickSort, ["whole", threshold, report])
    await root.tell.sort(values)
    const [sorted] = (await all) as [Values]
    expect("values", sorted.length, count)
    const isSame = sorted.every((value, i) => value === expected[i])
    expect("the same as a plain sort", isSame, true)
  },
}

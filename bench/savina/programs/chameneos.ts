/** Creatures meet in a mall, two at a time, and change colour. Checked: meetings, colours. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

/** Colours 0, 1, 2; a creature that has left the mall has 3. */
const FADED = 3

/** Two of one colour keep it, two different ones take the third. */
function complement(one: number, other: number): number {
  return one === other ? one : 3 - one - other
}

export class Mall extends Actor {
  static {
    actor(import.meta.url, "Mall", Mall)
  }
  left: number
  waiting: { readonly creature: ActorRef<Creature>; readonly colour: number } | undefined
  constructor(meetings: number) {
    super()
    this.left = meetings
  }
  meet(creature: ActorRef<Creature>, colour: number): void {
    if (this.left === 0) void creature.tell.leave()
    else if (this.waiting === undefined) this.waiting = { creature, colour }
    else {
      this.left--
      void this.waiting.creature.tell.change(complement(this.waiting.colour, colour))
      void creature.tell.change(complement(this.waiting.colour, colour))
      this.waiting = undefined
    }
  }
}

/** Meetings of a creature, and the colours it had. */
type Life = readonly [meetings: number, isFaded: boolean]

export class Creature extends Actor {
  static {
    actor(import.meta.url, "Creature", Creature)
  }
  meetings = 0
  colour: number
  readonly mall: ActorRef<Mall>
  readonly report: ActorRef<Takes<Life>>
  constructor(colour: number, mall: ActorRef<Mall>, report: ActorRef<Takes<Life>>) {
    super()
    this.colour = colour
    this.mall = mall
    this.report = report
  }
  enter(): void {
    void this.mall.tell.meet(me<Creature>(this), this.colour)
  }
  change(colour: number): void {
    if (colour < 0 || colour > 2) throw new RangeError(`no colour ${colour}`)
    this.colour = colour
    this.meetings++
    this.enter()
  }
  leave(): void {
    this.colour = FADED
    void this.report.tell([this.meetings, this.colour === FADED])
  }
}

interface Sizes {
  readonly creatures: number
  readonly meetings: number
}

export const program: Program<Sizes> = {
  name: "chameneos",
  suite: { creatures: 100, meetings: 200_000 },
  small: { creatures: 10, meetings: 300 },
  async run({ creatures, meetings }, stage) {
    const { report, all } = await stage.gather<Life>(creatures)
    const mall = await stage.spawn(Mall, [meetings])
    const guests = await stage.spawnMany(creatures, Creature, (i) => [i % 3, mall, report])
    for (const creature of guests) await creature.tell.enter()
    const lives = await all
    const met = lives.reduce((sum, [count]) => sum + count, 0)
    expect("creatures that met", met, 2 * meetings)
    expect("creatures that left", lives.filter(([, isFaded]) => isFaded).length, creatures)
  },
}

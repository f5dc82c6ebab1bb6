/** Schedules by chance: every process that can run is as likely as the others at each step. */
import { Chance } from "../chance.ts"
import {
  type Choice,
  choiceOf,
  DIE,
  EXPIRE,
  lowest,
  type Situation,
  STEP,
  STOP,
  type Strategy,
  size,
} from "../strategy.ts"

/** One step in this many of a mortal process is its death. */
const STEPS_PER_DEATH = 16

/** The process at this place of a set. */
function member(set: number, place: number): number {
  let rest = set
  for (let i = 0; i < place; i++) rest &= rest - 1
  return lowest(rest)
}

/** Step, death or expiry of a chosen process. */
export function variantFor(chance: Chance, situation: Situation, process: number): number {
  const bit = 1 << process
  if ((situation.mortal & bit) !== 0 && chance.below(STEPS_PER_DEATH) === 0) return DIE
  if ((situation.expirable & bit) !== 0 && chance.below(2) === 0) return EXPIRE
  return STEP
}

/** Now and then, the death of one that waits; else `STOP`. */
export function deathOfWaiting(chance: Chance, { mortal, enabled }: Situation): Choice {
  const waiting = mortal & ~enabled
  if (waiting === 0 || chance.below(STEPS_PER_DEATH) !== 0) return STOP
  return choiceOf(member(waiting, chance.below(size(waiting))), DIE)
}

/** Picks uniformly at each step. */
export class Random implements Strategy {
  readonly #chance: Chance
  #left: number

  constructor(seed: number, schedules: number) {
    this.#chance = new Chance(seed)
    this.#left = schedules
  }

  begin(): void {}

  choose(situation: Situation): Choice {
    const death = deathOfWaiting(this.#chance, situation)
    if (death !== STOP) return death
    const process = member(situation.enabled, this.#chance.below(size(situation.enabled)))
    return choiceOf(process, variantFor(this.#chance, situation, process))
  }

  executed(): void {}

  end(): boolean {
    return --this.#left > 0
  }
}

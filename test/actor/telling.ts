/** What actors of tests have in common that tell of themselves through shared words. */
import { Actor } from "../../src/actor/index.ts"

export class Telling extends Actor {
  readonly told: Int32Array

  constructor(told: Int32Array) {
    super()
    this.told = told
  }
}

/**
 * Chance under the explorer: the same numbers in every execution, so that a body can be run again.
 */
import * as real from "../../internal/platform/random.ts"
import * as op from "../operation.ts"
import { stage } from "../stage.ts"

const NOTHING = new Int32Array(1)

export function below(bound: number): number {
  return stage === null ? real.below(bound) : stage.operation(op.CHANCE, NOTHING, 0, bound, 0)
}

export function seed(value: number): void {
  if (stage === null) real.seed(value)
}

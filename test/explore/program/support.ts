/** What tests of explored programs ask alike. */
import assert from "node:assert/strict"
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"

/** The failure that exploring `program` finds; fails when it finds none. */
export async function failureOf(
  program: () => unknown,
  options: ExploreOptions = {},
): Promise<ExploreFailure> {
  try {
    await explore(program, options)
  } catch (error) {
    assert.ok(error instanceof ExploreFailure, String(error))
    return error
  }
  throw new assert.AssertionError({ message: "nothing was found" })
}

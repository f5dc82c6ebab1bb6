import assert from "node:assert/strict"
import { test } from "node:test"
import { loaderFlags } from "../../../src/explore/program/flags.ts"

test("flags of loading are kept with their values, others are left out", () => {
  assert.deepEqual(
    loaderFlags(["--test", "--conditions=source", "--import", "heddle/register", "--no-warnings"]),
    ["--conditions=source", "--import", "heddle/register"],
  )
  assert.deepEqual(loaderFlags(["-C", "source", "--test-timeout", "5", "-r=x.cjs"]), [
    "-C",
    "source",
    "-r=x.cjs",
  ])
  assert.deepEqual(loaderFlags([]), [])
})

test("a flag that is given twice is repeated once, however it is spelled", () => {
  const twice = ["--import=heddle/register", "--import", "heddle/register", "--import", "tsx"]
  assert.deepEqual(loaderFlags(twice), ["--import", "heddle/register", "--import", "tsx"])
})

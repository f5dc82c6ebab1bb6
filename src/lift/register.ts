/**
 * `node --import heddle/register app.ts`: closures given to Heddle are named when a module loads.
 *
 * The runtime reads this module's address from `globalThis` and gives it to every isolate, where
 * the same hooks answer for the parts that names refer to.
 */

import "../internal/platform/supported.ts"
import { load } from "./node-hook.ts"

const ACTIVE = Symbol.for("heddle.register")

const registry = globalThis as { [ACTIVE]?: string }

if (registry[ACTIVE] === undefined) {
  // The hook loads the transform when a file needs it, and a hook cannot wait.
  if (process.features.require_module === false) {
    throw new Error(
      "heddle/register needs `require()` of ES modules: " +
        "start Node without --no-experimental-require-module",
    )
  }
  registry[ACTIVE] = import.meta.url
  process.getBuiltinModule("node:module").registerHooks({ load })
}

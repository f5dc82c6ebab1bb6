/** What a single use of a name says about the value behind it. */

import type { AnyNode } from "acorn"
import type { Vocabulary } from "./sites.ts"
import { type Binding, isInside, type Syntax, type Use } from "./syntax.ts"

/** Methods of arrays and collections that change nothing. */
const READERS = new Set(
  (
    "at concat entries every filter find findIndex findLast findLastIndex flat flatMap " +
    "forEach get has includes indexOf join keys lastIndexOf map reduce reduceRight slice " +
    "some subarray toReversed toSorted toSpliced toString values with"
  ).split(" "),
)

/**
 * Why a name is refused for being assigned after its declaration, or undefined when it never is.
 *
 * The counter of a `for` loop is a new variable in every round, so the loop's own step is no
 * assignment to the one that a closure of the body captured.
 */
export function reassignmentOf(binding: Binding, syntax: Syntax): string | undefined {
  const step = loopStep(binding, syntax)
  const isLate = (use: Use) => use.isWrite && !use.isInitial && !(step && isInside(use, step))
  const late = binding.uses.find(isLate)
  const [first, ...more] = binding.uses.filter((use) => use.isWrite && use.isInitial)
  // A default in a pattern writes where the pattern does.
  const other = more.find(({ start }) => start !== first?.start)
  const second = late ?? (binding.kind === "variable" ? other : undefined)
  if (second === undefined) return undefined
  const { line } = syntax.placeOf(second.start)
  return (
    `is assigned again in line ${line}, and code in another isolate would not see it: ` +
    "copy it to a const first, pass it as an argument, or keep it in a sharedArray()"
  )
}

function loopStep(binding: Binding, syntax: Syntax): AnyNode | undefined {
  if (binding.node?.type !== "VariableDeclarator") return undefined
  const declaration = syntax.parentOf.get(binding.node)
  const loop = declaration && syntax.parentOf.get(declaration)
  if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "let") return undefined
  return (loop?.type === "ForStatement" && loop.init === declaration && loop.update) || undefined
}

/** Whether a use shows that the value is code: called, made, extended, given to `go`. */
export function isFunctionUse(use: Use, syntax: Syntax, vocabulary: Vocabulary): boolean {
  const parent = syntax.parentOf.get(use.node)
  switch (parent?.type) {
    case "CallExpression":
    case "NewExpression":
      if (parent.callee === use.node) return true
      return vocabulary.sites.some((site) => site.isSurelyFunction && site.argument === use.node)
    case "TaggedTemplateExpression":
      return parent.tag === use.node
    case "ClassDeclaration":
    case "ClassExpression":
      return parent.superClass === use.node
    default:
      return false
  }
}

/** Whether a use of a container neither changes it nor hands it to anyone. */
export function isReadOnlyUse(use: Use, syntax: Syntax): boolean {
  const parent = syntax.parentOf.get(use.node)
  if (parent?.type === "ForOfStatement") return parent.right === use.node
  if (parent?.type === "SpreadElement" || parent?.type === "BinaryExpression") return true
  if (parent?.type !== "MemberExpression" || parent.object !== use.node) return false
  const around = syntax.parentOf.get(parent)
  switch (around?.type) {
    case "CallExpression":
      if (around.callee !== parent) return true
      return parent.property.type === "Identifier" && READERS.has(parent.property.name)
    case "AssignmentExpression":
      return around.right === parent
    case "UpdateExpression":
    case "ArrayPattern":
    case "AssignmentPattern":
    case "RestElement":
      return false
    case "ForOfStatement":
    case "ForInStatement":
      return around.right === parent
    case "Property":
      return syntax.parentOf.get(around)?.type !== "ObjectPattern"
    case "UnaryExpression":
      return around.operator !== "delete"
    default:
      return true
  }
}

/**
 * What a constant's initialiser says about its value: may other isolates make it again from the
 * text, or must the value itself travel?
 *
 *   literal    a primitive, the same wherever it is made
 *   code       functions, classes and what is built of them and of imports: made again
 *   data       an array, object, Map… of literals: made again while nobody changes it, else sent
 *   captured   refers to a value that travels; so does this
 *   value      the result of a call, of input, of the machine: sent
 *   handle     made by Heddle, shared by nature: sent, never made twice
 *   mixed      a function beside a value that must not be made twice: neither way is right
 */

import type { AnyNode, Expression } from "acorn"
import type { Vocabulary } from "./sites.ts"
import { type Binding, childrenOf, type Syntax } from "./syntax.ts"

/** See the head of this file. */
export type Origin = "literal" | "code" | "data" | "captured" | "value" | "handle" | "mixed"

/** What the rest of the module decides about a name that an initialiser mentions. */
export interface Surroundings {
  readonly syntax: Syntax
  readonly vocabulary: Vocabulary
  originOf(binding: Binding): Origin
}

/** Globals that hold the same in every isolate. */
const SAME_EVERYWHERE = new Set(
  (
    "Math Number Object JSON Array String Boolean Reflect Symbol Promise Atomics BigInt Intl " +
    "Error TypeError RangeError Map Set Date RegExp URL structuredClone parseInt parseFloat " +
    "isNaN fetch console queueMicrotask setTimeout setInterval setImmediate performance crypto"
  ).split(" "),
)

/** Constructors whose result is worth making again, and could not be sent. */
const MADE_AGAIN = new Set(["WeakMap", "WeakSet", "TextEncoder", "TextDecoder", "RegExp", "URL"])

/** Constructors of plain containers. */
const CONTAINERS = new Set(
  (
    "Map Set Array ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array " +
    "Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array"
  ).split(" "),
)

/** Functions of literals that give literals. */
const COMPUTED = new Set(["Number", "String", "Boolean", "BigInt", "parseInt", "parseFloat"])

/** Says where the value of an expression comes from. */
export function originOf(node: Expression | null | undefined, around: Surroundings): Origin {
  if (!node) return "literal"
  switch (node.type) {
    case "Literal":
      return "regex" in node && node.regex ? "code" : "literal"
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
    case "MetaProperty":
      return "code"
    case "Identifier":
      return ofIdentifier(node, around)
    case "TemplateLiteral":
    case "UnaryExpression":
    case "BinaryExpression":
    case "LogicalExpression":
    case "ConditionalExpression":
      return ofComputation(node, around)
    case "ArrayExpression":
    case "ObjectExpression":
      return ofContainer(partsOf(node, around))
    case "AwaitExpression":
      if (node.argument.type === "ImportExpression") return "code"
      return holdsHandle(node, around) ? "handle" : "value"
    case "ChainExpression":
      return originOf(node.expression, around)
    case "MemberExpression":
      return ofMember(node.object, node.computed ? node.property : undefined, around)
    case "CallExpression":
    case "NewExpression":
      return ofCall(node, around)
    default:
      return holdsHandle(node, around) ? "handle" : "value"
  }
}

function ofIdentifier(node: AnyNode & { type: "Identifier" }, around: Surroundings): Origin {
  const binding = around.syntax.bindingOf(node)
  if (binding !== undefined) return around.originOf(binding)
  if (["undefined", "NaN", "Infinity"].includes(node.name)) return "literal"
  return SAME_EVERYWHERE.has(node.name) ? "code" : "value"
}

function ofComputation(node: Expression, around: Surroundings): Origin {
  const parts = partsOf(node, around)
  if (parts.every((part) => part === "literal")) return "literal"
  if (parts.every((part) => part === "literal" || part === "code")) return "code"
  return parts.includes("handle") ? "handle" : "value"
}

function ofContainer(parts: readonly Origin[]): Origin {
  const hasCode = parts.some((part) => part === "code" || part === "mixed")
  const mustTravel = parts.some((part) => part === "value" || part === "handle")
  if (hasCode) return mustTravel ? "mixed" : "code"
  if (parts.includes("handle")) return "handle"
  if (mustTravel) return "value"
  return parts.includes("captured") ? "captured" : "data"
}

function ofMember(object: AnyNode, property: AnyNode | undefined, around: Surroundings): Origin {
  const owner = object.type === "Super" ? "value" : originOf(object as Expression, around)
  const key = property === undefined ? "literal" : originOf(property as Expression, around)
  return owner === "code" && (key === "literal" || key === "code") ? "code" : "value"
}

function ofCall(
  node: AnyNode & { type: "CallExpression" | "NewExpression" },
  around: Surroundings,
): Origin {
  const path = around.vocabulary.pathOf(node.callee)
  if (path !== undefined) return around.vocabulary.isRepeatable(path) ? "code" : "handle"
  const callee = globalName(node.callee, around.syntax)
  const parts = node.arguments.map((argument) =>
    argument.type === "SpreadElement" ? "value" : originOf(argument, around),
  )
  const arePlain = parts.every((part) => part === "literal" || part === "data")
  const areCode = parts.every((part) => part === "literal" || part === "code")
  if (node.type === "NewExpression") {
    if (CONTAINERS.has(callee) && arePlain) return "data"
    if (MADE_AGAIN.has(callee) && areCode) return "code"
  } else {
    if (callee === "Object.freeze" && parts.length === 1) return parts[0]
    if (callee === "Symbol" || callee === "Symbol.for") return "code"
    const isComputed = COMPUTED.has(callee) || /^Math\.(?!random)/.test(callee)
    if (isComputed && parts.every((part) => part === "literal")) return "literal"
  }
  return holdsHandle(node, around) ? "handle" : "value"
}

/** `Math.max` or `Map` when these are the globals, else empty. */
function globalName(node: AnyNode, syntax: Syntax): string {
  if (node.type === "Identifier") return syntax.bindingOf(node) === undefined ? node.name : ""
  if (node.type !== "MemberExpression" || node.computed) return ""
  const owner = globalName(node.object, syntax)
  return owner !== "" && node.property.type === "Identifier" ? `${owner}.${node.property.name}` : ""
}

function partsOf(node: AnyNode, around: Surroundings): Origin[] {
  const parts: Origin[] = []
  for (const child of childrenOf(node)) {
    if (child.type === "TemplateElement") continue
    if (child.type === "SpreadElement") {
      parts.push(originOf(child.argument, around))
    } else if (child.type === "Property") {
      if (child.computed) parts.push(originOf(child.key, around))
      parts.push(originOf(child.value as Expression, around))
    } else parts.push(originOf(child as Expression, around))
  }
  return parts
}

/** Whether a shared object of Heddle is made somewhere in the expression, outside of functions. */
function holdsHandle(node: AnyNode, around: Surroundings): boolean {
  if (/Function|^Class/.test(node.type)) return false
  if (node.type === "CallExpression") {
    const path = around.vocabulary.pathOf(node.callee)
    if (path !== undefined && !around.vocabulary.isRepeatable(path)) return true
  }
  return [...childrenOf(node)].some((child) => holdsHandle(child, around))
}

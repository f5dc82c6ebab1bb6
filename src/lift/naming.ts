/**
 * The text that names functions at run time: for each name one small function, called around the
 * function in question. It writes a property and returns the function, so the text around it means
 * what it meant. Nothing is imported.
 */

import type { CaptureError } from "../errors.ts"
import { CALLABLE_KEY, REFUSED_KEY } from "../internal/wire/callable.ts"
import { type Mark, type Root, takesCaptures } from "./plan.ts"
import type { Binding } from "./syntax.ts"
import type { Edit } from "./text.ts"

/** How the surroundings, Node or a bundler, address the parts of a module. */
export interface Addresses {
  /** A JavaScript expression for the URL of a part. */
  urlOf(part: string): string
  /** The specifier by which one part imports another. */
  specifierOf(part: string): string
  /** Replaces `import.meta.url` in parts, so that it means the file. */
  readonly fileUrl: string | undefined
}

/** The parameter that stands for a captured name where a local name could hide it. */
export function environmentName(binding: Binding): string {
  return `__heddle_at_${binding.name}`
}

/** Functions that name functions, for these marks; hoisted, so that they are there early. */
export function namersOf(marks: readonly Mark[], addresses: Addresses): string {
  if (marks.length === 0) return ""
  const namers = new Map<string, string>()
  for (const mark of marks) {
    const { root } = mark
    if (root !== undefined) namers.set(namerName(root), namer(mark, root, addresses))
  }
  const isRefused = marks.some((mark) => mark.refusal !== undefined)
  return KEY + [...namers.values()].join("") + (isRefused ? REFUSER : "")
}

const KEY = `var __heddle_key;function __heddle_k(){
return __heddle_key??=Symbol.for("${CALLABLE_KEY}")}`

const REFUSER =
  'function __heddle_refused(f,r){if(typeof f==="function"&&Object.isExtensible(f))' +
  `f[Symbol.for("${REFUSED_KEY}")]=r;return f}`

/** Functions that list the values which travel with dynamic declarations. */
export function environmentsOf(
  marks: readonly Mark[],
  nameOf: (binding: Binding) => string = (binding) => binding.name,
): string {
  const lists = new Map<string, string>()
  for (const { root } of marks) {
    if (root === undefined || root.environment.length === 0) continue
    const list = root.environment.map(nameOf).join(",")
    lists.set(root.part, `function ${environmentList(root)}(){return[${list}]}`)
  }
  return [...lists.values()].join("")
}

/** Calls that name function declarations before anything else runs. */
export function hoistedOf(marks: readonly Mark[]): string {
  return marks
    .map(({ form, root }) => {
      if (form !== "hoisted" || root === undefined) return ""
      return `${namerName(root)}(${root.exportName}${capturesText(root, true)});`
    })
    .join("")
}

/** The edits that put a mark into the text. */
export function markEdits({ form, node, root, refusal }: Mark): Edit[] {
  if (form === "hoisted") return []
  const around = (before: string, after: string) => [
    { start: node.start, end: node.start, text: before },
    { start: node.end, end: node.end, text: after },
  ]
  if (root === undefined) return around("__heddle_refused(", `,${refusalText(refusal)})`)
  const captures = `${capturesText(root, form !== "closure")})`
  if (form !== "constant") return around(`${namerName(root)}(`, captures)
  const name = root.self?.name ?? root.exportName
  return around(`${namerName(root)}({${name}:`, `}.${name}${captures}`)
}

function refusalText(refusal: CaptureError | undefined): string {
  if (refusal === undefined) return "undefined"
  const { file, line, column, variable, message } = refusal
  const problem = message.slice(message.indexOf(`: ${variable} `) + variable.length + 3)
  return JSON.stringify([file, line, column, variable, problem])
}

function capturesText(root: Root, isLazy: boolean): string {
  if (!takesCaptures(root)) return ""
  const names = root.values.map((binding) => binding.name)
  if (root.environment.length > 0) {
    const list = `${environmentList(root)}()`
    names.push(root.part === root.exportName ? list : `...${list}`)
  }
  const captures = `[${names.join(",")}]`
  return isLazy ? `,()=>${captures}` : `,${captures}`
}

/** The names of what `capturesText` lists. */
function namesText(root: Root): string {
  const values = root.values.map(({ name }) => name)
  const environment = root.environment.map(({ name }) => name)
  const isClosure = root.part === root.exportName
  const list = isClosure && environment.length > 0 ? [...values, environment] : values
  return JSON.stringify(isClosure ? list : environment)
}

function namerName(root: Root): string {
  return `__heddle_${root.part === root.exportName ? "" : "is_"}${root.exportName}`
}

function environmentList(root: Root): string {
  return `${namerName(root)}_env`
}

/** One function `(f, captures) => f`. The name of code without captures is one object for all. */
function namer({ form }: Mark, root: Root, addresses: Addresses): string {
  const name = namerName(root)
  const url = `${name}_url`
  const address = `url:${url}??=${addresses.urlOf(root.part)}`
  const tail = `exportName:${JSON.stringify(root.exportName)},line:${root.line}`
  const names = takesCaptures(root) ? `,names:${name}_names??=${namesText(root)}` : ""
  const record = (captures: string) => `{${address},${captures},${tail}${names}}`
  const take = takesCaptures(root) ? ",c" : ""
  let value = `${name}_name??=${record("captures:void 0")}`
  if (take !== "") value = record(form === "closure" ? "captures:c" : "get captures(){return c()}")
  const open = `var ${url},${name}_name,${name}_names;function ${name}(f${take}){`
  if (form !== "use") return `${open}f[__heddle_k()]=${value};return f}`
  const isOpen = 'typeof f==="function"&&Object.isExtensible(f)&&!Object.hasOwn(f,__heddle_k())'
  return `${open}if(${isOpen})f[__heddle_k()]=${value};return f}`
}

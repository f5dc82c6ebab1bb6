/**
 * Makes an example check itself: `expression // => value` becomes an assertion, and names that the
 * package exports are imported. Line numbers stay, so that an error points into the page.
 */
import { type Comment, type Program, parseSync } from "oxc-parser"

/** An example made ready to run. */
export interface Runnable {
  readonly code: string
  /** The lines of standard output, from `// prints: …`; undefined when none is named. */
  readonly prints: readonly string[] | undefined
}

type Statement = Program["body"][number]

/** A change of the text: `insert` goes in at `at`. */
interface Insertion {
  readonly at: number
  readonly insert: string
}

const CHECK = "heddleDocsEqual"

/** Rewrites one example; `exported` maps each name to the specifier it comes from. */
export function runnable(code: string, exported: ReadonlyMap<string, string>): Runnable {
  const { program, comments, module } = parseSync("example.ts", code)
  const insertions = comments.flatMap((comment) => assertion(code, program, comment))
  const prints = comments.flatMap((comment) => {
    const text = /^\s*prints: ?(.*)$/.exec(comment.value)?.[1]
    return text === undefined ? [] : [text.trimEnd()]
  })
  let text = code
  for (const { at, insert } of insertions.sort((one, other) => other.at - one.at)) {
    text = text.slice(0, at) + insert + text.slice(at)
  }
  const imports = module.staticImports.length > 0 ? [] : importsFor(program, exported)
  if (insertions.length > 0)
    imports.push(`import { deepStrictEqual as ${CHECK} } from "node:assert/strict"`)
  // Imports are hoisted: at the end they shift no line.
  return {
    code: `${text}\n${imports.join("\n")}\nexport {}\n`,
    prints: prints.length === 0 ? undefined : prints,
  }
}

/** A value comment at the end of a statement turns the statement into an assertion. */
function assertion(code: string, program: Program, comment: Comment): Insertion[] {
  const value = promisedValue(comment)
  if (value === undefined) return []
  const statement = statementBefore(code, program.body, comment.start)
  if (statement === undefined) return []
  if (statement.type === "ExpressionStatement") {
    const { start, end } = statement.expression
    return [
      { at: end, insert: `), (${value}))` },
      { at: start, insert: `;${CHECK}((` },
    ]
  }
  if (statement.type === "VariableDeclaration") {
    const id = statement.declarations.at(-1)?.id
    if (id?.type !== "Identifier") return []
    return [{ at: statement.end, insert: `; ${CHECK}(${id.name}, (${value}));` }]
  }
  return []
}

/** `// => anything`, or a comment that is nothing but a literal, as in `f(1) // 2`. */
function promisedValue(comment: Comment): string | undefined {
  if (comment.type !== "Line") return undefined
  const arrow = /^\s*=> ?(.+)$/.exec(comment.value)?.[1]
  if (arrow !== undefined) return arrow
  const text = comment.value.trim()
  const parsed = parseSync("value.ts", `(${text})`)
  const [only] = parsed.program.body
  if (parsed.errors.length > 0 || only?.type !== "ExpressionStatement") return undefined
  const { expression } = only
  const inner = expression.type === "ParenthesizedExpression" ? expression.expression : expression
  return isLiteral(inner) ? text : undefined
}

function isLiteral(node: { type: string }): boolean {
  if (node.type === "Literal") return true
  if (node.type === "UnaryExpression") return isLiteral((node as { argument?: never }).argument!)
  if (node.type === "ArrayExpression")
    return (node as unknown as { elements: { type: string }[] }).elements.every(isLiteral)
  if (node.type !== "ObjectExpression") return false
  const { properties } = node as unknown as { properties: { value: { type: string } }[] }
  return properties.length > 0 && properties.every((property) => isLiteral(property.value))
}

function statementBefore(code: string, body: Statement[], at: number): Statement | undefined {
  return allStatements(body).find((statement) => {
    const between = code.slice(statement.end, at)
    return statement.end <= at && /^[ \t;]*$/.test(between)
  })
}

/** The statements of a program, those inside blocks and function bodies too; inner ones first. */
function allStatements(body: readonly unknown[]): Statement[] {
  const found: Statement[] = []
  const visit = (node: unknown) => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== "object" || node === null) return
    for (const child of Object.values(node)) visit(child)
    const { type } = node as { type?: string }
    if (type === "ExpressionStatement" || type === "VariableDeclaration")
      found.push(node as Statement)
  }
  visit(body)
  return found
}

function importsFor(program: Program, exported: ReadonlyMap<string, string>): string[] {
  const used = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: unknown, key?: string) => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, key)
      return
    }
    if (typeof node !== "object" || node === null) return
    const { type, name } = node as { type?: string; name?: string }
    if (type === "Identifier" && name !== undefined)
      (key === "id" || key === "params" ? declared : key === "property" ? new Set() : used).add(
        name,
      )
    for (const [childKey, child] of Object.entries(node)) visit(child, childKey)
  }
  visit(program.body)
  return [...used]
    .filter((name) => exported.has(name) && !declared.has(name))
    .map((name) => `import { ${name} } from "${exported.get(name)}"`)
}

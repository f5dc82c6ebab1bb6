/**
 * Imports that only types name. What crosses to a closure may be of a class that it names in a type
 * alone, as `(money: Money) => …` does: the module that registers the class is loaded where the
 * closure runs.
 */

import type { ImportDeclaration } from "acorn"
import type { Syntax } from "./syntax.ts"

/** An import, and an offset of a type that names what it brings. */
export interface TypeName {
  readonly start: number
  readonly declaration: ImportDeclaration
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu

/**
 * Where `typed`, the text before its types were blanked, names imports in them. An `import type` is
 * blanked itself, and so none.
 */
export function typeNames(syntax: Syntax, typed: string): TypeName[] {
  const { source, program } = syntax
  if (typed === source || typed.length !== source.length) return []
  const imports = new Map(
    program.body
      .filter((statement) => statement.type === "ImportDeclaration")
      .flatMap((declaration) =>
        declaration.specifiers.map(({ local }) => [local.name, declaration] as const),
      ),
  )
  return [...typed.matchAll(NAME)].flatMap(({ 0: name, index: start }) => {
    const declaration = imports.get(name)
    if (declaration === undefined || source.startsWith(name, start)) return []
    return [{ start, declaration }]
  })
}

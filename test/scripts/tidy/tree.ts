/** Small trees for the tests of the rules: a record of paths and texts. */
import { type Finding, type Manifest, type Tree, treeOf } from "../../../scripts/tidy/tree.ts"

/** A tree made of texts. */
export function tree(texts: Readonly<Record<string, string>>, manifest: Manifest = {}): Tree {
  return treeOf(new Set(Object.keys(texts)), (path) => texts[path], manifest)
}

/** Findings as tidy prints them. */
export function printed(findings: readonly Finding[]): string[] {
  return findings.map(({ file, line, rule, advice }) => `${file}:${line}: ${rule}: ${advice}`)
}

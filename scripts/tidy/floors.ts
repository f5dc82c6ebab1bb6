/**
 * Rule `floor`: imports go down. Rule `stale`: the plan names what is there. Rule `cycle`: no file
 * imports itself through others.
 */
import type { Finding, Import, Source, Tree } from "./tree.ts"

/** The rooms of a house, by floor, lowest first; and those that stand beside it. */
export interface Plan {
  /** Rooms on one floor do not know each other. */
  readonly floors: readonly (readonly string[])[]
  /** Files below every floor: they import nothing, all may import them. */
  readonly ground: readonly string[]
  /** The room beside the floors that must work without the runtime. */
  readonly beside: string
  /** Nobody imports this room. */
  readonly roof: string
  /** Single imports that go upward on purpose: `from -> to`, with the reason. */
  readonly allowed: Readonly<Record<string, string>>
}

/** Checks every import of `src/` against the plan. */
export function floors(tree: Tree, plan: Plan): Finding[] {
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    if (!source.path.startsWith("src/")) continue
    for (const link of source.imports) {
      const advice = adviceFor(source, link, plan)
      if (advice !== undefined)
        findings.push({ file: source.path, line: link.line, rule: "floor", advice })
    }
  }
  return findings
}

/** Finds rooms and exceptions of the plan that are gone. */
export function staleRooms(tree: Tree, plan: Plan): Finding[] {
  const rooms = new Set([...tree.sources.keys()].map((path) => roomOf(path, plan)))
  const gone = plan.floors.flat().filter((room) => !rooms.has(room))
  for (const link of Object.keys(plan.allowed)) {
    const [from = "", to] = link.split(" -> ")
    if (!tree.sources.get(from)?.imports.some(({ target }) => target === to)) gone.push(link)
  }
  return gone.map((name) => {
    const advice = `the plan names ${name}, which is gone: remove it`
    return { file: "scripts/tidy.ts", line: 1, rule: "stale", advice }
  })
}

function adviceFor(source: Source, link: Import, plan: Plan): string | undefined {
  const { target } = link
  if (target === undefined || !target.startsWith("src/")) return undefined
  if (plan.allowed[`${source.path} -> ${target}`] !== undefined) return undefined
  const here = roomOf(source.path, plan)
  const there = roomOf(target, plan)
  if (here === there || plan.ground.includes(target)) return undefined
  if (plan.ground.includes(source.path)) return `${source.path} imports nothing`
  if (here === undefined)
    return `${source.path} is in no room: add its room to FLOORS in scripts/tidy.ts`
  if (there === undefined) return `${target} is in no room: add its room to FLOORS`
  if (there === plan.roof) return `nobody imports ${plan.roof}`
  if (here === plan.beside)
    return `${plan.beside} works without the runtime: do not import ${there}`
  if (there === plan.beside) {
    if (floorOf(here, plan) === plan.floors.length - 1) return undefined
    return `${plan.beside} stands beside the floors: only the top floor imports it`
  }
  const [up, down] = [floorOf(there, plan), floorOf(here, plan)]
  if (up < down) return undefined
  if (up === down) return `${here} and ${there} share a floor and do not know each other`
  return `${here} is below ${there}: let what is needed travel up as a promise, a URL or a kind`
}

/** The room a source lies in: the longest room name that is a prefix of its folder. */
export function roomOf(path: string, plan: Plan): string | undefined {
  if (path === "src/index.ts") return "index"
  if (!path.startsWith("src/")) return undefined
  const inside = path.slice("src/".length)
  const rooms = [...plan.floors.flat(), plan.beside].filter((room) => inside.startsWith(`${room}/`))
  return rooms.sort((one, other) => other.length - one.length)[0]
}

function floorOf(room: string, plan: Plan): number {
  return plan.floors.findIndex((floor) => floor.includes(room))
}

/** Finds circles of imports that exist at run time; imports of types alone are free. */
export function cycles(tree: Tree): Finding[] {
  const findings: Finding[] = []
  const state = new Map<string, "open" | "done">()
  const path: string[] = []
  const visit = (file: string) => {
    state.set(file, "open")
    path.push(file)
    for (const link of tree.sources.get(file)?.imports ?? []) {
      const { target } = link
      if (link.typeOnly || link.dynamic || target === undefined || !tree.sources.has(target))
        continue
      if (state.get(target) === "open") {
        const circle = [...path.slice(path.indexOf(target)), target].join(" -> ")
        const advice = `a circle of imports: ${circle}; move what both need one file down`
        findings.push({ file, line: link.line, rule: "cycle", advice })
      } else if (!state.has(target)) {
        visit(target)
      }
    }
    path.pop()
    state.set(file, "done")
  }
  for (const file of tree.sources.keys()) if (!state.has(file)) visit(file)
  return findings
}

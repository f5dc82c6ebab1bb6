/**
 * A reporter for `node --test-reporter` that writes one JSON line per event of interest.
 *
 * The test's own output stays on its standard output; results go to the file that the runner names,
 * so that nothing a test prints can be taken for a result.
 */

/** One line of the result file. */
export type TestEvent =
  | { readonly type: "begin"; readonly name: string }
  | { readonly type: "pass"; readonly name: string; readonly skipped: boolean }
  | { readonly type: "fail"; readonly name: string; readonly error: string }
  | { readonly type: "summary" }

interface RawEvent {
  readonly type: string
  readonly data: {
    readonly name?: string
    readonly nesting?: number
    readonly skip?: unknown
    readonly todo?: unknown
    readonly details?: { readonly type?: string; readonly error?: Error }
  }
}

export default async function* report(source: AsyncIterable<RawEvent>): AsyncGenerator<string> {
  const path: string[] = []
  for await (const { type, data } of source) {
    if (type === "test:summary") yield line({ type: "summary" })
    if (data.name === undefined) continue
    const nesting = data.nesting ?? 0
    if (type === "test:start") {
      path.length = nesting
      path[nesting] = data.name
    }
    if (type === "test:dequeue") yield line({ type: "begin", name: data.name })
    const name = [...path.slice(0, nesting), data.name].join(" > ")
    // A suite fails because of its tests; counting it too would count one failure twice.
    if (type === "test:fail" && !(data.details?.type === "suite" && bySubtests(data.details.error)))
      yield line({ type: "fail", name, error: text(data.details?.error) })
    if (type === "test:pass" && data.details?.type !== "suite") {
      const skipped = Boolean(data.skip) || data.todo !== undefined
      yield line({ type: "pass", name, skipped })
    }
  }
}

function line(event: TestEvent): string {
  return `${JSON.stringify(event)}\n`
}

function bySubtests(error: Error | undefined): boolean {
  return (error as { failureType?: string } | undefined)?.failureType === "subtestsFailed"
}

function text(error: Error | undefined): string {
  const cause = error?.cause
  if (cause instanceof Error) return cause.stack ?? String(cause)
  return cause === undefined ? String(error) : String(cause)
}

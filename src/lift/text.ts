/**
 * Text with everything blanked but chosen pieces, each left where it stood: lines and columns of
 * the original stay true, so stacks and breakpoints do.
 */

/** A replacement within the source text; `start === end` inserts. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A piece of the source that stays. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** Written as far before the piece as nothing else stands, so that the piece need not move. */
  readonly before: string
  readonly after: string
}

/** Applies edits to a range. Of two insertions at one place the first given stays outside. */
export function edited(
  source: string,
  range: { start: number; end: number },
  edits: readonly Edit[],
): string {
  let text = ""
  let at = range.start
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < at || edit.end > range.end) continue
    text += source.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return text + source.slice(at, range.end)
}

/** Joins pieces, each at its own place; `head` goes first, into the first line. */
export function blanked(
  source: string,
  head: string,
  pieces: readonly Piece[],
  edits: readonly Edit[],
): string {
  let text = ""
  let lead = head
  let at = 0
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    lead += piece.before
    const gap = blank(source.slice(at, piece.start))
    text += lead + gap.slice(roomFor(lead, gap))
    text += edited(source, piece, edits) + piece.after
    lead = ""
    at = piece.end
  }
  return text + lead
}

/** As many lines, and as many columns in the last; lines end where the parser sees them end. */
function blank(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/)
  return "\n".repeat(lines.length - 1) + " ".repeat((lines.at(-1) as string).length)
}

/** How many blanks of the gap's first line the lead may take up. */
function roomFor(lead: string, gap: string): number {
  return gap.startsWith("\n") ? 0 : Math.min(lead.length, gap.length)
}

/**
 * Text with everything blanked but chosen pieces, each left where it stood: lines and columns of the
 * original stay true, so stacks and breakpoints do.
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
  /** Stands in for the source text of the piece. */
  readonly text?: string
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
  let text = head
  let at = 0
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    const gap = source.slice(at, piece.start).replace(/[^\n\r\u2028\u2029]/g, " ")
    const lead = at === 0 ? head + piece.before : piece.before
    if (at === 0) text = ""
    text += lead + gap.slice(roomFor(lead, gap))
    text += piece.text ?? edited(source, piece, edits)
    text += piece.after
    at = piece.end
  }
  return text
}

/** How many blanks of the gap's first line the lead may take up. */
function roomFor(lead: string, gap: string): number {
  const lineEnd = gap.search(/[\n\r]/)
  return Math.min(lead.length, lineEnd === -1 ? gap.length : lineEnd)
}

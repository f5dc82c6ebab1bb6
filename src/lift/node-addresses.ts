/** How Node's hook spells the address of a part: the file's own URL and a query. */

import type { Addresses } from "./naming.ts"

const QUERY = "?heddle="

/** The address of a part, given the file's URL or, in bundlers, its path. */
export function partAddress(file: string, part: string): string {
  return `${file}${QUERY}${encodeURIComponent(part)}`
}

/** Addresses of the parts of a file, given the file's URL. */
export function nodeAddresses(file: string): Addresses {
  return {
    urlOf: (part) => JSON.stringify(partAddress(file, part)),
    specifierOf: (part) => partAddress(file, part),
    fileUrl: file,
  }
}

/** Takes the address of a part apart; undefined for other addresses. */
export function splitPart(address: string): { file: string; part: string } | undefined {
  const at = address.indexOf(QUERY)
  if (at === -1) return undefined
  return { file: address.slice(0, at), part: decodeURIComponent(address.slice(at + QUERY.length)) }
}

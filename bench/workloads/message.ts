/** The object of about 100 bytes: an id, a name, three tags and a position (107 bytes as JSON). */

export interface Message {
  id: number
  name: string
  tags: string[]
  pos: { x: number; y: number; ok: boolean }
}

/** Message number `id`. */
export function message(id: number): Message {
  return {
    id,
    name: "sensor-north-17",
    tags: ["alpha", "beta", "gamma"],
    pos: { x: id + 0.25, y: 1234.5678, ok: true },
  }
}

/** What a receiver adds up of a message: touches its first and its last part. */
export function weight(received: Message): number {
  return received.id + (received.pos.ok ? 1 : 0) + received.tags.length
}

/** The weights of messages 0 … count - 1 together. */
export function totalWeight(count: number): number {
  return (count * (count - 1)) / 2 + 4 * count
}

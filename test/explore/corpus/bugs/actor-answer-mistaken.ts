/** A function actor waits for an answer among its messages, and takes the next one for it. */
import assert from "node:assert/strict"
import { type ActorInbox, type ActorRef, spawn, type Takes } from "../../../../src/actor/index.ts"
import { type Channel, channel } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Erlang: a receive that matches any message where the answer was meant",
}

type Message =
  | { readonly kind: "order"; readonly from: ActorRef<Takes<Message>> }
  | { readonly kind: "price"; readonly price: number }

async function shop(inbox: ActorInbox<Message>): Promise<void> {
  for await (const message of inbox) {
    if (message.kind === "order") await message.from.tell({ kind: "price", price: 5 })
  }
}

async function buyer(
  inbox: ActorInbox<Message>,
  seller: ActorRef<Takes<Message>>,
  chooses: boolean,
  prices: Channel<string>,
): Promise<void> {
  await seller.tell({ kind: "order", from: inbox.self })
  const isPrice = ({ kind }: Message): boolean => kind === "price"
  const answer = await inbox.receive(chooses ? isPrice : undefined)
  await prices.send(answer.kind)
}

async function run(chooses: boolean): Promise<void> {
  const prices = channel<string>(1)
  const seller = await spawn(shop)
  const first = await spawn(buyer, [seller, chooses, prices])
  // It may have its price, and be gone.
  await first.tell({ kind: "order", from: seller }).catch(() => {})
  assert.equal(await prices.receive(), "price")
}

export const broken = () => run(false)
export const fixed = () => run(true)

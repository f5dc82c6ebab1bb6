/** A late reply to the first question is taken for the reply to the second. */
import assert from "node:assert/strict"
import { after, type Channel, channel, go, select } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "timeout",
  finds: "error",
  source: "Birrell, Nelson: Implementing remote procedure calls, 1984: call identifiers",
  options: { timeouts: "any" },
}

async function serve(questions: Channel<number>, answers: Channel<number>): Promise<void> {
  for await (const question of questions) await answers.send(question)
}

async function ask(checks: boolean): Promise<void> {
  const questions = channel<number>(2)
  const answers = channel<number>(2)
  const server = go(serve, questions, answers)
  await questions.send(1)
  const first = await select({ answer: answers, late: after(10) })
  if (first.case === "late") {
    await questions.send(2)
    let answer = await answers.receive()
    while (checks && answer !== 2) answer = await answers.receive()
    assert.equal(answer, 2)
  }
  questions.close()
  await server
}

export const broken = () => ask(false)
export const fixed = () => ask(true)

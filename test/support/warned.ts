/** Warnings of the runtime, as tests hear them. */
import { setImmediate } from "node:timers/promises"

/** The warnings of the runtime while `work` runs, and of the turn after it. */
export async function warnedDuring(work: () => Promise<unknown>): Promise<string[]> {
  const heard: string[] = []
  const note = ({ name, message }: Error): void => {
    if (name === "HeddleWarning") heard.push(message)
  }
  process.on("warning", note)
  await work()
  await setImmediate()
  process.off("warning", note)
  return heard
}

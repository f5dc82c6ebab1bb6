/** What asking and telling must not keep alive. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { spawn } from "../../src/actor/index.ts"
import { start } from "../../src/isolate/index.ts"
import { collectGarbage } from "../isolate/garbage.ts"
import { Account } from "./actors.ts"

await start({ isolates: 1 })

for (const on of ["here", 1] as const) {
  test(`${on}: where a question was asked keeps nobody, however often it was`, async () => {
    const account = await spawn(Account, [], { on })
    class Customer {
      async pay(): Promise<void> {
        await account.ask.deposit(1)
      }
    }
    const paying = async (): Promise<WeakRef<Customer>> => {
      const customer = new Customer()
      for (let n = 0; n < 300; n++) await customer.pay()
      return new WeakRef(customer)
    }
    const customer = await paying()
    // What the engine has not collected by then, something keeps.
    for (let look = 0; look < 500 && customer.deref() !== undefined; look++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      collectGarbage()
    }
    assert.equal(customer.deref(), undefined)
    account.kill()
    await account.exited
  })
}

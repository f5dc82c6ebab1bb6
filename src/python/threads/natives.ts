/**
 * Replacing C functions of CPython where they stand.
 *
 * A builtin's object points to a PyMethodDef, which lies in static memory and names the C function
 * by its index in the table. Writing another index there replaces the function for everybody, also
 * for modules that took the builtin long ago and for types that cannot be changed: `_thread.lock`
 * stays the very type that it is. The C function of before goes on being callable.
 */
import { DEF, Lookup } from "./lookup.ts"
import { type CFunction, cString, type ThreadModule, unknownBuild } from "./module.ts"
import type { Scheduler } from "./scheduler.ts"
import type { Pointer, Waiting } from "./seam.ts"

const METH_VARARGS = 1
const METH_NOARGS = 4
const METH_O = 8

/** Parameters of a C function by the flags of its PyMethodDef. */
const PARAMETERS: Readonly<Record<number, number>> = {
  [METH_VARARGS]: 2,
  3: 3, // METH_VARARGS | METH_KEYWORDS
  [METH_NOARGS]: 2,
  [METH_O]: 2,
  128: 3, // METH_FASTCALL
  130: 4, // METH_FASTCALL | METH_KEYWORDS
  642: 5, // METH_METHOD | METH_FASTCALL | METH_KEYWORDS
}

/** A builtin's first part, with the parameters of the C function that it replaces. */
export type Native = (...args: number[]) => Pointer | Waiting

/** Replaces and adds builtins of one interpreter. */
export class Natives extends Lookup {
  readonly #scheduler: Scheduler

  constructor(module: ThreadModule, scheduler: Scheduler) {
    super(module)
    this.#scheduler = scheduler
  }

  /** Replaces a function by one that never waits. */
  replace(
    moduleName: string,
    path: string,
    make: (before: CFunction) => (...args: number[]) => Pointer,
  ): void {
    this.#replace(moduleName, path, (before, parameters) =>
      this.module.addFunction(make(before), "i".repeat(parameters + 1)),
    )
  }

  /** Replaces a function by one that may wait. */
  replaceWaiting(moduleName: string, path: string, make: (before: CFunction) => Native): void {
    this.#replace(moduleName, path, (before, parameters) =>
      this.#scheduler.waiter(parameters, make(before)),
    )
  }

  /** Adds a builtin without arguments to a module. */
  add(moduleName: string, name: string, fn: () => Pointer): void {
    this.#set(moduleName, name, this.module.addFunction(fn, "iii"), METH_NOARGS)
  }

  /** Adds a builtin with one argument that may wait, or puts it in a function's place. */
  addWaiting(moduleName: string, name: string, begin: Native): void {
    this.#set(moduleName, name, this.#scheduler.waiter(2, begin), METH_O)
  }

  /** A builtin that may wait and that no module names, called with a tuple: a new reference. */
  object(name: string, begin: Native): Pointer {
    return this.#make(name, this.#scheduler.waiter(2, begin), METH_VARARGS, 0)
  }

  #set(moduleName: string, name: string, index: number, flags: number): void {
    const { module } = this
    const owner = this.import(moduleName)
    const label = this.get(moduleName, "__name__")
    const object = this.#make(name, index, flags, label)
    module._PyObject_SetAttrString(owner, cString(module, name), object)
    for (const held of [owner, label, object]) module._Py_DecRef(held)
  }

  #make(name: string, index: number, flags: number, label: Pointer): Pointer {
    const { module } = this
    const definition = module._malloc(DEF.BYTES)
    module.HEAPU32.set([cString(module, name), index, flags, 0], definition >> 2)
    return module._PyCFunction_NewEx(definition, 0, label)
  }

  #replace(
    moduleName: string,
    path: string,
    make: (before: CFunction, parameters: number) => number,
  ): void {
    const at = this.definition(moduleName, path)
    const parameters = PARAMETERS[this.module.HEAPU32[at + DEF.FLAGS]]
    if (parameters === undefined) throw unknownBuild(`${path} takes its arguments in another way`)
    // Making may grow memory, which replaces the views.
    const index = make(this.find(moduleName, path), parameters)
    this.module.HEAPU32[at + DEF.FUNCTION] = index
  }
}

/**
 * Builtins of a loaded interpreter: finding, calling, and where their definitions lie.
 */
import { type CFunction, cString, type ThreadModule, unknownBuild } from "./module.ts"
import type { Pointer } from "./seam.ts"

/** Offsets of the pointer to the PyMethodDef in a builtin function and in a method's descriptor. */
const DEF_IN_FUNCTION = 8
const DEF_IN_DESCRIPTOR = 20

/** Words of a PyMethodDef. */
export const DEF = { NAME: 0, FUNCTION: 1, FLAGS: 2, BYTES: 16 } as const

const TYPE = 4
const TUPLE_ITEMS = 16

/** Looks up what one interpreter's modules hold. */
export class Lookup {
  protected readonly module: ThreadModule

  constructor(module: ThreadModule) {
    this.module = module
  }

  /** An object of a module, by its path: a new reference. */
  get(moduleName: string, path: string): Pointer {
    const { module } = this
    let object = this.import(moduleName)
    for (const part of path.split(".")) {
      const name = cString(module, part)
      const next = module._PyObject_GetAttrString(object, name)
      module._free(name)
      module._Py_DecRef(object)
      if (next === 0) throw unknownBuild(`${moduleName} has no ${path}`)
      object = next
    }
    return object
  }

  /** Calls `module.path(*args)`: a new reference. */
  call(moduleName: string, path: string, ...args: Pointer[]): Pointer {
    const { module } = this
    const callable = this.get(moduleName, path)
    const tuple = module._PyTuple_New(args.length)
    for (const [at, object] of args.entries()) {
      module._Py_IncRef(object)
      module.HEAPU32[((tuple + TUPLE_ITEMS) >> 2) + at] = object
    }
    const result = module._PyObject_Call(callable, tuple, 0)
    for (const object of [callable, tuple]) module._Py_DecRef(object)
    if (result === 0) throw unknownBuild(`${moduleName}.${path}() raises`)
    return result
  }

  /** The C function of a builtin. */
  find(moduleName: string, path: string): CFunction {
    const { HEAPU32, wasmTable } = this.module
    return wasmTable.get(HEAPU32[this.definition(moduleName, path) + DEF.FUNCTION])
  }

  /** Index of the first word of a builtin's PyMethodDef. */
  protected definition(moduleName: string, path: string): number {
    const { module } = this
    const object = this.get(moduleName, path)
    const type = module.HEAPU32[(object + TYPE) >> 2]
    const { _PyCFunction_Type: ofFunction, _PyMethodDescr_Type: ofMethod } = module
    if (type !== ofFunction && type !== ofMethod) throw unknownBuild(`${path} is no builtin`)
    const offset = type === ofFunction ? DEF_IN_FUNCTION : DEF_IN_DESCRIPTOR
    const at = module.HEAPU32[(object + offset) >> 2] >> 2
    module._Py_DecRef(object)
    const name = module.UTF8ToString(module.HEAPU32[at + DEF.NAME])
    if (name !== path.split(".").at(-1)) throw unknownBuild(`${path} is defined as ${name}`)
    return at
  }

  /** A module: a new reference. */
  protected import(moduleName: string): Pointer {
    const { module } = this
    const name = cString(module, moduleName)
    const object = module._PyImport_ImportModule(name)
    module._free(name)
    if (object === 0) throw unknownBuild(`the module ${moduleName} cannot be imported`)
    return object
  }
}

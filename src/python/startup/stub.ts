/** The file that the package's loader reads though it is not needed: empty in our folder. */
export const STUB = "pyodide.asm.wasm"

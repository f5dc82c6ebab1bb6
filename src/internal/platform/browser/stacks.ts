/** The stacks on which WebAssembly is suspended and resumed, whose size a browser decides. */

/** A browser gives switched stacks its own size, somewhat less than a megabyte. */
export function enlargeSwitchedStacks(): void {}

/** A browser can switch stacks, or cannot. */
export function allowSwitchedStacks(): void {}

/** Worker of piscina and tinypool: its exports are the tasks. */
export { factorial, increment, spin } from "../../workloads/functions.js"

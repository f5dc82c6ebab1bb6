/**
 * The workloads' functions, named so that isolates find them. Plain JavaScript, as a built program
 * would be: start and memory are measured with it.
 */
import { task } from "heddle"
import * as plain from "../workloads/functions.js"

export const increment = task(import.meta.url, "increment", plain.increment)
export const spin = task(import.meta.url, "spin", plain.spin)
export const factorial = task(import.meta.url, "factorial", plain.factorial)

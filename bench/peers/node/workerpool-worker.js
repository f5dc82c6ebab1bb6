/** Worker of workerpool. */
import workerpool from "workerpool"
import { factorial, increment, spin } from "../../workloads/functions.js"

workerpool.worker({ factorial, increment, spin })

/**
 * What is done to a supervisor: the same scenarios run under Erlang/OTP and under ours.
 *
 * The log of a scenario has a line per event: `start a`, `fail a` (its start was refused),
 * `exit a <reason>`, `stop a: ok` (a call and its answer), `counts 2 of 3`, `alive` (the supervisor
 * still ran at the end, and was then shut down), `end <reason>` (the supervisor's).
 */

import { die, kid, kids, type Scenario, scenario } from "./scenario.ts"

const P = { restart: "permanent" } as const
const T = { restart: "transient" } as const
const X = { restart: "temporary" } as const
const ts = { restart: "transient", significant: true } as const
const xs = { restart: "temporary", significant: true } as const

/** Strategy x restart type x how: the middle one of three ends. */
const grid: Scenario[] = (["one-for-one", "one-for-all", "rest-for-one"] as const).flatMap(
  (strategy) =>
    (["permanent", "transient", "temporary"] as const).flatMap((restart) =>
      (["normal", "shutdown", "boom", "killed"] as const).map((how) =>
        scenario(
          `${strategy}: the ${restart} middle one of three ends: ${how}`,
          strategy,
          kids(P, { restart }, P),
          [die("b", how), ["counts"]],
        ),
      ),
    ),
)

const order: Scenario[] = [
  scenario("one-for-all: the first fails", "one-for-all", kids(P, P, P), [die("a")]),
  scenario("one-for-all: the last fails", "one-for-all", kids(P, P, P), [die("c")]),
  scenario("rest-for-one: the first fails", "rest-for-one", kids(P, P, P), [die("a")]),
  scenario("rest-for-one: the last fails", "rest-for-one", kids(P, P, P), [die("c")]),
  scenario(
    "one-for-all: temporary siblings are stopped and forgotten",
    "one-for-all",
    kids(X, P, X),
    [die("b"), ["counts"]],
  ),
  scenario(
    "rest-for-one: temporary siblings after it are forgotten",
    "rest-for-one",
    kids(X, P, X, T),
    [die("b"), ["counts"]],
  ),
  scenario(
    "one-for-all: a transient that ended normally comes back with the rest",
    "one-for-all",
    kids(P, T),
    [die("b", "normal"), ["counts"], die("a"), ["counts"]],
  ),
  scenario(
    "rest-for-one: a transient that ended normally comes back with the rest",
    "rest-for-one",
    kids(P, T, P),
    [die("b", "shutdown"), die("a"), ["counts"]],
  ),
  scenario("one-for-one: one after the other", "one-for-one", kids(P, P, P), [
    die("c"),
    die("a"),
    die("b"),
  ]),
  scenario("a tree is stopped from the last to the first", "one-for-one", kids(P, T, X), [
    ["shutdown"],
  ]),
  scenario(
    "brutal and stubborn children are killed",
    "one-for-all",
    kids({ shutdown: "brutal" }, { shutdown: 30, stubborn: true }, { shutdown: "infinity" }),
    [die("c")],
  ),
  scenario("no children", "one-for-one", [], [["counts"], ["shutdown"]]),
]

const intensity: Scenario[] = [
  scenario("none in the period: the first failure ends it", "one-for-one", kids(P, P), [die("a")], {
    restarts: 0,
  }),
  scenario(
    "one in the period: the second failure ends it",
    "one-for-one",
    kids(P, P),
    [die("a"), die("b")],
    { restarts: 1 },
  ),
  scenario(
    "two in the period, one-for-all",
    "one-for-all",
    kids(P, P),
    [die("a"), die("b"), die("a")],
    { restarts: 2 },
  ),
  scenario(
    "two in the period, rest-for-one",
    "rest-for-one",
    kids(P, P),
    [die("b"), die("b"), die("a", "killed")],
    { restarts: 2 },
  ),
  scenario(
    "what ends normally does not count",
    "one-for-one",
    kids(T, X, P),
    [die("a", "normal"), die("b"), die("c")],
    { restarts: 1 },
  ),
  scenario(
    "a permanent that ends normally counts",
    "one-for-one",
    kids(P, P),
    [die("a", "normal"), die("b", "shutdown")],
    { restarts: 1 },
  ),
  scenario("the period passes", "one-for-one", kids(P), [die("a"), ["wait", 3100], die("a")], {
    restarts: 1,
    withinS: 1,
  }),
  scenario(
    "giving up stops the others in reverse order",
    "one-for-one",
    kids(P, P, P, P),
    [die("b")],
    { restarts: 0 },
  ),
]

const starts: Scenario[] = [
  scenario(
    "the first start fails: what started is stopped",
    "one-for-one",
    kids(P, P, { failing: [1] }, P),
    [],
  ),
  scenario("one-for-one: a restart fails once", "one-for-one", kids({ failing: [2] }, P), [
    die("a"),
    ["counts"],
  ]),
  scenario(
    "one-for-one: a restart fails for ever",
    "one-for-one",
    kids({ failing: [2, 3, 4, 5, 6] }, P),
    [die("a")],
  ),
  scenario(
    "one-for-all: the restart of a sibling fails once",
    "one-for-all",
    kids(P, { failing: [2] }, P),
    [die("a"), ["counts"]],
  ),
  scenario(
    "one-for-all: the restart of a sibling fails for ever",
    "one-for-all",
    kids(P, P, { failing: [2, 3, 4, 5, 6] }),
    [die("a")],
  ),
  scenario(
    "rest-for-one: the restart of a later one fails once",
    "rest-for-one",
    kids(P, P, { failing: [2] }, P),
    [die("b"), ["counts"]],
  ),
  scenario(
    "rest-for-one: the restart of a later one fails for ever",
    "rest-for-one",
    kids(P, P, { failing: [2, 3, 4, 5, 6] }, P),
    [die("b")],
  ),
  scenario(
    "a transient whose restart fails is tried again",
    "one-for-one",
    kids({ ...T, failing: [2, 3] }),
    [die("a"), ["counts"]],
  ),
]

const significant: Scenario[] = [
  scenario("never: a significant child ends", "one-for-one", kids(P, T), [die("b", "normal")]),
  scenario(
    "any: a significant transient ends normally",
    "one-for-one",
    kids(P, ts, ts),
    [die("b", "normal")],
    { autoShutdown: "any-significant" },
  ),
  scenario(
    "any: a significant transient fails and comes back",
    "one-for-one",
    kids(P, ts),
    [die("b")],
    { autoShutdown: "any-significant" },
  ),
  scenario("any: a significant temporary fails", "one-for-one", kids(P, xs), [die("b")], {
    autoShutdown: "any-significant",
  }),
  scenario("any: another one ends", "one-for-one", kids(T, ts), [die("a", "normal")], {
    autoShutdown: "any-significant",
  }),
  scenario(
    "all: the first of two ends, then the second",
    "one-for-one",
    kids(P, ts, ts),
    [die("b", "normal"), ["counts"], die("c", "shutdown")],
    { autoShutdown: "all-significant" },
  ),
  scenario(
    "all: a temporary and a transient",
    "rest-for-one",
    kids(xs, P, ts),
    [die("a", "killed"), die("c", "normal")],
    { autoShutdown: "all-significant" },
  ),
  scenario(
    "all: one that is stopped on request is no end",
    "one-for-one",
    kids(P, ts, ts),
    [["stop", "b"], ["counts"], die("c", "normal")],
    { autoShutdown: "all-significant" },
  ),
  scenario(
    "any: stopping on request does not end it",
    "one-for-one",
    kids(P, ts),
    [["stop", "b"], ["counts"]],
    { autoShutdown: "any-significant" },
  ),
]

const calls: Scenario[] = [
  scenario("stop, restart, remove", "one-for-one", kids(P, P), [
    ["stop", "a"],
    ["counts"],
    ["restart", "a"],
    ["restart", "a"],
    ["remove", "a"],
    ["stop", "a"],
    ["remove", "a"],
    ["counts"],
    ["restart", "a"],
    ["stop", "z"],
  ]),
  scenario("a temporary that is stopped is forgotten", "one-for-one", kids(X, P), [
    ["stop", "a"],
    ["counts"],
    ["restart", "a"],
  ]),
  scenario("add another, and the same again", "one-for-one", kids(P), [
    ["add", kid("b", T)],
    ["add", kid("b", T)],
    ["counts"],
    die("b", "normal"),
    ["add", kid("b", T)],
    ["remove", "b"],
    ["counts"],
  ]),
  scenario("one that is added comes last", "rest-for-one", kids(P, P), [
    ["add", kid("c", P)],
    die("a"),
  ]),
  scenario("one that is added and does not start", "one-for-one", kids(P), [
    ["add", kid("b", { failing: [1] })],
    ["counts"],
  ]),
  scenario("a restart on request that fails", "one-for-one", kids({ failing: [2] }), [
    ["stop", "a"],
    ["restart", "a"],
    ["restart", "a"],
    ["counts"],
  ]),
  scenario("one that was stopped comes back with the rest", "one-for-all", kids(P, P), [
    ["stop", "b"],
    die("a"),
    ["counts"],
  ]),
]

const dynamic: Scenario[] = [
  scenario("dynamic permanent children come back", "simple-one-for-one", kids(P), [
    ["spawn", "x"],
    ["spawn", "y"],
    die("x"),
    die("y", "normal"),
    ["counts"],
  ]),
  scenario("dynamic transient children", "simple-one-for-one", kids(T), [
    ["spawn", "x"],
    ["spawn", "y"],
    die("x", "normal"),
    die("y"),
    ["counts"],
  ]),
  scenario("dynamic temporary children are forgotten", "simple-one-for-one", kids(X), [
    ["spawn", "x"],
    ["spawn", "y"],
    die("x"),
    die("y", "killed"),
    ["counts"],
  ]),
  scenario("a dynamic child is stopped on request", "simple-one-for-one", kids(P), [
    ["spawn", "x"],
    ["spawn", "y"],
    ["stop", "x"],
    ["counts"],
  ]),
  scenario(
    "dynamic children, more often than allowed",
    "simple-one-for-one",
    kids(P),
    [["spawn", "x"], die("x"), die("x")],
    { restarts: 1 },
  ),
  scenario("a dynamic child that does not start", "simple-one-for-one", kids({ failing: [1] }), [
    ["spawn", "x"],
    ["counts"],
    ["spawn", "x"],
    ["counts"],
  ]),
  scenario(
    "a dynamic child whose restart fails twice",
    "simple-one-for-one",
    kids({ failing: [2, 3] }),
    [["spawn", "x"], die("x"), ["counts"]],
  ),
  scenario(
    "dynamic and significant: the last one",
    "simple-one-for-one",
    kids(xs),
    [["spawn", "x"], ["spawn", "y"], die("x"), die("y", "normal")],
    { autoShutdown: "all-significant" },
  ),
]

const nested: Scenario[] = [
  scenario(
    "a permanent subtree gives up and comes back",
    "one-for-one",
    kids(P, P),
    [die("a"), ["counts"]],
    { restarts: 0, nested: "permanent" },
  ),
  scenario(
    "a permanent subtree gives up twice: so does the tree",
    "one-for-all",
    kids(P, P),
    [die("a"), die("b")],
    { restarts: 0, nested: "permanent" },
  ),
  scenario(
    "a transient subtree gives up: that is a shutdown",
    "one-for-one",
    kids(P, P),
    [die("a"), ["counts"]],
    { restarts: 0, nested: "transient" },
  ),
  scenario(
    "a temporary subtree gives up and is forgotten",
    "one-for-one",
    kids(P, P),
    [die("a"), ["counts"]],
    { restarts: 0, nested: "temporary" },
  ),
  scenario(
    "a subtree that repairs itself bothers nobody",
    "rest-for-one",
    kids(P, P),
    [die("a"), ["counts"]],
    { nested: "permanent" },
  ),
  scenario(
    "a subtree ends with its last significant child and comes back",
    "one-for-one",
    kids(P, ts),
    [die("b", "normal")],
    { nested: "permanent", autoShutdown: "all-significant" },
  ),
]

/** All of them, each with a name of its own. */
export const scenarios: readonly Scenario[] = [
  ...grid,
  ...order,
  ...intensity,
  ...starts,
  ...significant,
  ...calls,
  ...dynamic,
  ...nested,
]

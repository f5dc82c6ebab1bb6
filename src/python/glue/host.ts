/** Python text of `_heddle_host`: what the host asks of an interpreter. */
export const HOST = `
import importlib
import sys

import _heddle
import _heddle_serve


def awaited(value):
    import inspect
    if not inspect.isawaitable(value):
        return value
    import asyncio

    async def wait():
        return await value
    return asyncio.run(wait())


def do_exec(source, name, cell):
    import ast
    namespace = sys.modules["__main__"].__dict__
    namespace.update(_heddle.host_asked(cell))
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, name, "exec", flags, dont_inherit=True)
    result = eval(code, namespace, namespace)
    if code.co_flags & 0x80:
        awaited(result)


def find(name):
    """What "module:path" names; without a module, what __main__ or the builtins have."""
    where, _, path = name.rpartition(":")
    first, *rest = path.split(".")
    found = getattr(importlib.import_module(where), first) if where else find_here(first)
    for part in rest:
        found = getattr(found, part)
    return found


def find_here(name):
    import builtins
    for place in sys.modules["__main__"], builtins:
        if name in place.__dict__:
            return place.__dict__[name]
    raise NameError(f"name {name!r} is not defined: neither __main__ nor the builtins have it",
                    name=name)


def do_call(name, cell):
    found = find(name)
    *args, kwargs = _heddle.host_asked(cell)
    _heddle.host_answer(cell, awaited(found(*args, **kwargs)))


def outcome(do, request):
    try:
        return ("ok", do(*request[1:])), (), None
    except BaseException as error:
        described = [_heddle_serve.describe(one) for one in _heddle_serve.with_causes(error)]
        return ("error", *described), (), None


def run_file(path):
    main = sys.modules["__main__"]
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    main.__file__ = path
    main.__dict__["__cached__"] = None
    exec(code, main.__dict__)


def run_module(name):
    import runpy
    try:
        name, spec, code = runpy._get_module_details(name)
    except ImportError as error:
        raise SystemExit(f"heddle: {error}")
    sys.argv[0] = spec.origin
    runpy._run_code(code, sys.modules["__main__"].__dict__, None, "__main__", spec)


def main(run):
    """Runs a program as the python command does; returns the exit code."""
    try:
        run()
        status = 0
    except SystemExit as stop:
        status = exit_code(stop.code)
    except BaseException as error:
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
        _heddle_serve.strip(error)
        sys.excepthook(type(error), error, error.__traceback__)
    _heddle_serve.end()
    return status


def exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff
    print(code, file=sys.stderr)
    return 1


def do_main(path):
    return main(lambda: run_file(path))


def do_module(name):
    return main(lambda: run_module(name))


_heddle_serve.DO["host-exec"] = do_exec
_heddle_serve.DO["host-call"] = do_call
_heddle_serve.DO["main"] = do_main
_heddle_serve.DO["module"] = do_module
_heddle_serve.FOR_HOST.update({"host-exec", "host-call", "main", "module"})
_heddle_serve.outcome_for_host = outcome
`

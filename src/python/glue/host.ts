/** Python text of `_heddle_host`: what the host asks of an interpreter; values as in foreign.ts. */
export const HOST = String.raw`
import importlib
import sys

import _heddle
import _heddle_serve


def to_python(value):
    if type(value) is not tuple:
        return value
    kind = value[0]
    items = [to_python(item) for item in value[1:]]
    if kind == "l":
        return items
    if kind == "s":
        return set(items)
    if kind == "d":
        return dict(zip(items[::2], items[1::2]))
    return int(items[0])


def to_host(value, path="result", depth=0):
    kind = type(value)
    if value is None or kind in (bool, float, str, bytes):
        return value
    if isinstance(value, int):
        value = int(value)
        return value if -2**63 <= value < 2**63 else ("i", str(value))
    if depth > 500:
        raise TypeError(f"{path} is nested too deeply, or contains itself")
    if isinstance(value, (list, tuple)):
        return ("l", *[to_host(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)])
    if isinstance(value, (set, frozenset)):
        return ("s", *[to_host(item, f"{path} item", depth + 1) for item in value])
    if isinstance(value, dict):
        flat = ["d"]
        for key, item in value.items():
            flat += [to_host(key, f"{path} key", depth + 1), to_host(item, f"{path}[{key!r}]", depth + 1)]
        return tuple(flat)
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (float, str, bytes)):
        return kind.__mro__[-2](value) if kind.__mro__[-2] in (float, str, bytes) else str(value)
    raise TypeError(f"{path} is a {kind.__qualname__}, which has no counterpart in TypeScript")


def awaited(value):
    import inspect
    if not inspect.isawaitable(value):
        return value
    import asyncio

    async def wait():
        return await value
    return asyncio.run(wait())


def do_exec(source, name):
    import ast
    namespace = sys.modules["__main__"].__dict__
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, name, "exec", flags, dont_inherit=True)
    result = eval(code, namespace, namespace)
    if code.co_flags & 0x80:
        awaited(result)


def do_call(name, args):
    where, _, path = name.rpartition(":")
    found = sys.modules["__main__"] if where in ("", "__main__") else importlib.import_module(where)
    for part in path.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            if where or found is not sys.modules["__main__"]:
                raise
            import builtins
            found = getattr(builtins, part)
    return awaited(found(*to_python(args)))


def answer_host(do, request):
    try:
        reply = ("ok", to_host(do(*request[1:])))
    except BaseException as error:
        reply = ("error", _heddle_serve.describe(_heddle_serve.strip(error)))
    _heddle_serve.flush()
    _heddle.reply(reply)


def main(path, name, argv):
    """Runs a script as the python command does; returns the exit code."""
    main = sys.modules["__main__"]
    sys.argv = [name, *argv]
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), name, "exec", dont_inherit=True)
        main.__file__ = path
        main.__dict__["__cached__"] = None
        exec(code, main.__dict__)
        status = 0
    except SystemExit as stop:
        status = exit_code(stop.code)
    except BaseException as error:
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
        _heddle_serve.strip(error)
        sys.excepthook(type(error), error, error.__traceback__)
    return leave(status)


def exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff
    print(code, file=sys.stderr)
    return 1


def leave(status):
    import atexit
    threading = sys.modules.get("threading")
    try:
        if threading is not None:
            threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    _heddle_serve.flush()
    return status


def do_main(path, name, argv):
    return main(path, name, to_python(argv))


_heddle_serve.DO["host-exec"] = do_exec
_heddle_serve.DO["host-call"] = do_call
_heddle_serve.DO["main"] = do_main
_heddle_serve.FOR_HOST.update({"host-exec", "host-call", "main"})
_heddle_serve.answer_host = answer_host
`

/**
 * Python text of `_heddle_missing`: what WebAssembly cannot have says so, with the reason and what
 * to do instead, where CPython would only say that it is not there.
 */
export const MISSING = `
import errno
import os
import sys

import _heddle

POOL = ("use concurrent.futures.InterpreterPoolExecutor or concurrent.interpreters, which use all "
        "cores")
PROCESSES = "WebAssembly has one process; " + POOL
TERMINAL = "WebAssembly has no terminal; read sys.stdin and write sys.stdout"
WINDOWS = "WebAssembly has no windows to draw in"
SYSTEM = "WebAssembly has no operating system below it to ask"
LEFT_OUT = "the package pyodide leaves it out"
INSTALL = ("packages are not installed from inside; unpack pure Python ones into a folder beside "
           "the script or one of PYTHONPATH")
COMPILED = ("it has compiled parts, which must be built for Pyodide (wheels with 'pyodide' or "
            "'pyemscripten' in their names); unpack such a wheel into a folder beside the script "
            "or one of PYTHONPATH")

REASONS = {
    "_multiprocessing": PROCESSES,
    "_posixshmem": PROCESSES,
    "_posixsubprocess": PROCESSES,
    **dict.fromkeys(("curses", "_curses", "_curses_panel", "readline"), TERMINAL),
    **dict.fromkeys(("tkinter", "_tkinter", "turtle", "turtledemo", "idlelib"), WINDOWS),
    **dict.fromkeys(("grp", "pwd", "spwd", "nis", "resource", "syslog", "ossaudiodev"), SYSTEM),
    "dbm": LEFT_OUT + "; use sqlite3",
    "test": LEFT_OUT,
    **dict.fromkeys(("ensurepip", "pip", "setuptools", "venv", "micropip"), INSTALL),
    **dict.fromkeys((
        "numpy", "scipy", "pandas", "matplotlib", "PIL", "lxml", "cryptography", "greenlet", "cffi",
        "pydantic_core", "torch", "tensorflow", "sklearn", "cv2", "shapely", "psycopg2", "uvloop",
    ), COMPILED),
}


def compiled(tail, path):
    """A file of compiled code for another machine, where this module would lie."""
    for folder in sys.path if path is None else path:
        try:
            names = os.listdir(folder or ".")
        except (OSError, TypeError):
            continue
        for name in names:
            if name.startswith(tail + ".") and name.endswith((".so", ".pyd", ".dylib")):
                return f"{folder}/{name} is compiled for another machine; {COMPILED}"
    return None


class Explaining:
    """Comes last: nobody else knows the module. Only who imports it hears why, not who asks."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if sys._getframe(2).f_code.co_name != "_find_and_load_unlocked":
            return None
        reason = REASONS.get(name) or compiled(name.rpartition(".")[2], path)
        if reason is not None:
            raise ModuleNotFoundError(f"No module named {name!r}: {reason}", name=name)


def refusing(name, reason, code=errno.ENOTSUP):
    def refuse(*args, **kwargs):
        raise OSError(code, f"{name}: {reason}")
    refuse.__name__ = refuse.__qualname__ = name.rpartition(".")[2]
    return refuse


SOCKETS = ("WebAssembly has no sockets; open them in TypeScript and send what comes through a "
           "channel (import heddle)")


def numeric(host):
    from socket import AF_INET, AF_INET6, inet_pton
    if host is None or host in ("", "localhost", b"localhost"):
        return True
    for family in AF_INET, AF_INET6:
        try:
            inet_pton(family, host if isinstance(host, str) else host.decode())
            return True
        except (OSError, ValueError, UnicodeError):
            pass
    return False


def patch_socket(module):
    """Sockets are there, so that whoever imports them can; what needs a network says why not."""
    for name in "accept", "bind", "connect", "listen", "sendto":
        setattr(module.socket, name, refusing(f"socket.{name}", SOCKETS))
    module.socket.connect_ex = lambda self, address: errno.ENOTSUP
    module.socketpair = refusing("socket.socketpair", SOCKETS)

    def knowing(function):
        def look(host, *args, **kwargs):
            if not numeric(host):
                raise module.gaierror(module.EAI_FAIL, f"{function.__name__}: {SOCKETS}")
            return function(host, *args, **kwargs)
        look.__name__ = look.__qualname__ = function.__name__
        return look

    for name in "getaddrinfo", "gethostbyname", "gethostbyname_ex":
        setattr(module, name, knowing(getattr(module, name)))


def patch_process_pool(module):
    def check():
        raise NotImplementedError(f"ProcessPoolExecutor: {PROCESSES}")
    module._check_system_limits = check


ZONES = ("heddle run sees those of the host in /usr/share/zoneinfo; elsewhere unpack the package "
         "tzdata into a folder beside the script or one of PYTHONPATH")


def patch_zones(module):
    load = module.load_tzdata

    def load_tzdata(key):
        try:
            return load(key)
        except module.ZoneInfoNotFoundError:
            text = f"No time zone found with key {key}: {ZONES}"
            raise module.ZoneInfoNotFoundError(text) from None
    module.load_tzdata = load_tzdata


def cpu_count():
    """The cores that this process may use: interpreters run on all of them."""
    return _heddle.cores()


def install():
    os.cpu_count = os.process_cpu_count = cpu_count
    # Some of these are there and do odd things: Emscripten's system runs the host's shell.
    for name in "fork", "forkpty", "execv", "execve", "posix_spawn", "posix_spawnp", "system":
        if hasattr(os, name):
            setattr(os, name, refusing(f"os.{name}", PROCESSES, errno.ENOSYS))


install()
`

/**
 * Python text of `_heddle_processes`: other Pythons, as `subprocess` starts them with
 * `sys.executable`. Each is one more interpreter, which nobody lists, with streams, environment and
 * folder of its own.
 */
export const PROCESSES = `
import _thread
import errno
import os
import signal
import sys

import _heddle
import _heddle_host
import _heddle_missing
import _heddle_pipes
import _heddle_serve
import _interpreters

# Numbers of processes begin here; that of an interpreter is added.
FIRST = 1000
NOBODY_LISTS = 0
children = {}


class Child:
    """A Python that was started here; a thread of this interpreter waits for its end."""

    def __init__(self, id, ends):
        self._id, self._ends = id, ends
        self._row = self._killed = None
        self.status = 0
        self.over = _thread.allocate_lock()
        self.over.acquire()

    def run(self, request):
        try:
            if _heddle.claim(self._id) != 0:
                # It was killed before it began.
                self.status = self._killed or signal.SIGKILL
                return
            self._row, word, seen = _heddle.request(self._id, request)
            while _heddle.load(word) == seen:
                _heddle.wait(word, seen, None)
            answer = _heddle.answer(self._row)
            if answer and answer[0] == "ok":
                self.status = answer[1][1] << 8
            else:
                self.status = self._killed or (256 if answer else signal.SIGSEGV)
            _heddle.interpreter_end(self._id)
        finally:
            for fd in self._ends:
                os.close(fd)
            self.over.release()

    def kill(self, number):
        if number == signal.SIGINT and self._row is not None:
            _heddle.interrupt(self._row, number)
        elif number != 0:
            self._killed = int(number)
            _heddle.interpreter_end(self._id)


def copy(source, target):
    """Moves bytes until there are no more, or nobody wants them."""
    try:
        while data := os.read(source, 65536):
            os.write(target, data)
    except OSError:
        pass
    os.close(source)
    os.close(target)


def lent(fd, reading):
    """An end of a pipe that stands for a file of this interpreter in another; -1 stays."""
    if fd < 0 or _heddle_pipes.is_pipe(fd):
        return fd
    theirs, ours = os.pipe() if reading else os.pipe()[::-1]
    _thread.start_new_thread(copy, (os.dup(fd), ours) if reading else (ours, os.dup(fd)))
    return theirs


def fork_exec(args, executables, close_fds, keep, cwd, env, stdin, _1, _2, stdout, _3, stderr, *_):
    args = tuple([os.fsdecode(arg) for arg in args])
    if sys.executable not in [os.fsdecode(one) for one in executables]:
        reason = _heddle_missing.ONE_PROCESS
        raise OSError(errno.ENOSYS, f"{args[0]}: only sys.executable can be started. {reason}")
    if env is None:
        pairs = tuple(os.environ.items())
    else:
        pairs = tuple([tuple(os.fsdecode(one).split("=", 1)) for one in env])
    folder = os.getcwd() if cwd is None else os.path.abspath(os.fsdecode(cwd))
    id = _heddle.interpreter_create(NOBODY_LISTS, False, _interpreters._config_bits("legacy"))
    if id is None:
        raise OSError(errno.EAGAIN, "there are too many interpreters")
    # Whoever starts the other Python closes its pipes' ends; the other one goes on with them.
    for fd in {stdin, stdout, stderr}:
        if _heddle_pipes.is_pipe(fd):
            _heddle.pipe_hold(fd)
    ends = lent(stdin, True), lent(stdout, False), lent(stderr, False)
    child = children[FIRST + id] = Child(id, {end for end in ends if end >= 0})
    _thread.start_new_thread(child.run, (("process", args, folder, pairs, *ends),))
    return FIRST + id


def waitpid(pid, options, /):
    """Wait for completion of a given child process."""
    child = children.get(pid)
    if child is None:
        raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))
    if not child.over.acquire(not options & os.WNOHANG):
        return 0, 0
    children.pop(pid, None)
    return pid, child.status


os_kill = os.kill


def kill(pid, signal, /):
    """Kill a process with a signal."""
    child = children.get(pid)
    if child is None:
        return os_kill(pid, signal)
    child.kill(signal)


def patch(module):
    module._can_fork_exec = True
    module._fork_exec = fork_exec
    for name in "waitpid", "waitstatus_to_exitcode", "WIFSTOPPED", "WSTOPSIG", "WNOHANG":
        setattr(module._del_safe, name, getattr(os, name))


def read_command(args):
    """(how, what, argv, options) of a command line of python's."""
    options = set()
    at = 1
    while at < len(args) and args[at].startswith("-") and args[at] != "-":
        for place, letter in enumerate(args[at][1:], 2):
            rest = args[at][place:]
            if letter in "cm":
                value = rest or args[at + 1]
                return letter, value, ["-" + letter, *args[at + 1 + (not rest):]], options
            options.add(letter)
            if letter in "WX":
                at += not rest
                break
        at += 1
    if at == len(args) or args[at] == "-":
        return "-", None, list(args[at:]) or [""], options
    return "file", args[at], list(args[at:]), options


def do_process(args, folder, env, stdin, stdout, stderr):
    """Is another Python, from its command line to its exit code."""
    how, what, argv, options = read_command(args)
    path = []
    if "I" not in options:
        path.append(os.path.dirname(os.path.join(folder, what)) if how == "file" else "")
        if how == "m":
            path[0] = folder
    if not options & set("EI"):
        path += [one for one in dict(env).get("PYTHONPATH", "").split(":") if one]
    inherited = tuple(path), folder, env, stdin, stdout, stderr
    do_inherit(*inherited)
    # The interpreters that it makes have what it has.
    _interpreters._inherited = inherited
    end = os._exit

    def leave(status):
        _heddle.reply(("ok", (0, status & 0xff)))
        end(status)

    os._exit = leave
    status = _heddle_host.main(lambda: run(how, what), argv[0], argv[1:])
    _heddle_serve.clear()
    return status


def do_inherit(path, folder, env, stdin, stdout, stderr):
    """Takes over path, folder, environment and streams of a process."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path[:0] = path
    streams = ("stdin", "r", stdin), ("stdout", "w", stdout), ("stderr", "w", stderr)
    for name, mode, fd in streams:
        if fd >= 0:
            errors = "backslashreplace" if name == "stderr" else "strict"
            stream = open(fd, mode, 1 if name == "stderr" else -1, "utf-8", errors, closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def run(how, what):
    if how == "file":
        _heddle_host.run_file(what, what)
    elif how == "m":
        _heddle_host.run_module(what)
    else:
        import textwrap
        source = textwrap.dedent(what) if how == "c" else sys.stdin.read()
        name = "<string>" if how == "c" else "<stdin>"
        exec(compile(source, name, "exec", dont_inherit=True), sys.modules["__main__"].__dict__)


os.waitpid, os.kill = waitpid, kill
_heddle_serve.DO["process"] = do_process
_heddle_serve.DO["inherit"] = do_inherit
`

/**
 * Python text of `_heddle_processes`: what `subprocess` needs of a system. The one program there is
 * is Python; a process is a CPython of its own, in isolates of its own.
 */
export const PROCESSES = String.raw`
import _signal
import _thread
import errno
import os
import signal
import sys

import _heddle
import _heddle_host
import _heddle_pipes
import _heddle_serve

# Nothing lies there: it is known by its name.
EXECUTABLE = "/usr/bin/python3"
ASKED, RUNNING, ENDED, REFUSED = range(4)

# Locks that copiers of the output of processes hold, by the number of the process.
copying = {}


def fail(code, *args):
    raise OSError(code, os.strerror(code), *args)


def copy(source, target, over):
    """Moves bytes until there are no more, or nobody wants them."""
    try:
        while data := _heddle_pipes.read(source, 65536):
            rest = memoryview(data)
            while rest:
                rest = rest[_heddle_pipes.write(target, rest):]
    except OSError:
        pass
    finally:
        os.close(source)
        os.close(target)
        over.release()


def lend(fd, own, lent, copiers):
    """What a process has for a stream: a pipe, or what this process has. -1 is like its own."""
    if fd < 0:
        fd = own
    if fd < 3 and not _heddle_pipes.is_pipe(fd):
        return _heddle_pipes.streams[fd]
    if _heddle_pipes.is_pipe(fd):
        return _heddle_pipes.streams[fd] if fd < 3 else fd
    # A file of this interpreter alone: its bytes go through a pipe.
    reading, writing = os.pipe()
    over = _thread.allocate_lock()
    over.acquire()
    if own == 0:
        _thread.start_new_thread(copy, (os.dup(fd), writing, over))
    else:
        copiers.append(over)
        _thread.start_new_thread(copy, (reading, os.dup(fd), over))
    theirs = reading if own == 0 else writing
    lent.append(theirs)
    return theirs


def fork_exec(args, executables, close_fds, keep, cwd, env, stdin, _p2cwrite, _c2pread, stdout,
              _errread, stderr, _errpipe_read, errpipe_write, _restore_signals, _start_new_session,
              process_group, gid, groups, uid, umask, preexec_fn):
    if (gid, groups, uid, preexec_fn) != (None,) * 4 or process_group >= 0 or umask >= 0:
        fail(errno.ENOSYS)
    if EXECUTABLE not in [os.fsdecode(one) for one in executables]:
        there = [one for one in executables if os.path.exists(one)]
        fail(errno.ENOEXEC if there else errno.ENOENT, os.fsdecode(args[0]))
    if cwd is not None and not os.path.isdir(cwd):
        fail(errno.ENOTDIR if os.path.exists(cwd) else errno.ENOENT, cwd)
    folder = os.getcwd() if cwd is None else os.path.abspath(os.fsdecode(cwd))
    if env is None:
        pairs = tuple(os.environ.items())
    else:
        pairs = tuple([tuple(os.fsdecode(one).split("=", 1)) for one in env])
    command = read_command(tuple([os.fsdecode(arg) for arg in args]))
    lent, copiers = [], []
    try:
        streams = tuple([lend(fd, own, lent, copiers)
                         for own, fd in enumerate((stdin, stdout, stderr))])
        kept = tuple([fd for fd in keep if fd != errpipe_write])
        request = ("process", folder, path_of(command, folder, dict(pairs)), pairs, *command)
        started = _heddle.process_start(request, streams, kept)
        if started is None:
            fail(errno.EAGAIN)
        pid, word, asked = started
        while _heddle.load(word) == asked:
            _heddle.wait(word, asked, None)
        if _heddle.load(word) == REFUSED:
            _heddle.process_reap(pid)
            fail(errno.EAGAIN)
        copying[pid] = copiers
        return pid
    finally:
        # The process has them, or nobody.
        for fd in lent:
            os.close(fd)


def waitpid(pid, options, /):
    """Wait for completion of a given child process."""
    while True:
        word, seen = _heddle.processes_moved()
        known = {one: state for one, state in _heddle.process_list() if pid in (one, 0, -1)}
        if not known:
            fail(errno.ECHILD)
        for one, state in known.items():
            if state == ENDED and is_copied(one, options):
                status = _heddle.process_reap(one)
                if status is not None:
                    copying.pop(one, None)
                    return one, status
        if options & os.WNOHANG:
            return 0, 0
        if ENDED not in known.values():
            _heddle.wait(word, seen, None)


def is_copied(pid, options):
    """Whether all that a process has written is where it belongs; waits for it if that may wait."""
    for over in copying.get(pid, ()):
        if not over.acquire(not options & os.WNOHANG):
            return False
        over.release()
    return True


def wait():
    """Wait for completion of a child process."""
    return waitpid(-1, 0)


def kill(pid, number, /):
    """Kill a process with a signal."""
    if pid == os.getpid():
        if number:
            signal.raise_signal(number)
    elif all(pid != one for one, _state in _heddle.process_list()):
        fail(errno.ESRCH)
    elif number:
        _heddle.process_signal(pid, int(number))


set_handler = _signal.signal


def set_and_tell(number, handler, /):
    """Sets the action for the given signal; whoever sends it to this process knows of it."""
    before = set_handler(number, handler)
    if number < 32:
        _heddle.process_heeds(int(number), handler != _signal.SIG_DFL)
    return before


def patch(module):
    module._can_fork_exec = True
    module._fork_exec = fork_exec
    for name in "waitpid", "waitstatus_to_exitcode", "WIFSTOPPED", "WSTOPSIG", "WNOHANG":
        setattr(module._del_safe, name, getattr(os, name))


def read_command(args):
    """(how, what, argv, options) of a command line of python's; options are pairs."""
    options = []
    rest = list(args[1:])
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--version":
            word = "-V"
        for place, letter in enumerate(word[1:], 2):
            if letter in "cmWX":
                value = word[place:] or (rest.pop(0) if rest else None)
                if value is None:
                    return "wrong", f"Argument expected for the -{letter} option", (), ()
                if letter in "cm":
                    return letter, value, ("-" + letter, *rest), tuple(options)
                options.append((letter, value))
                break
            if letter not in "bBdEhiIOPqRsSuvVx?":
                return "wrong", f"Unknown option: -{letter}", (), ()
            options.append((letter, ""))
    if not rest or rest[0] == "-":
        return "-", "", tuple(rest) or ("",), tuple(options)
    return "file", rest[0], tuple(rest), tuple(options)


def path_of(command, folder, env):
    """Where a process looks for modules first."""
    how, what, _argv, options = command
    given = {letter for letter, _ in options}
    path = []
    if not given & {"I", "P"} and not ("E" not in given and env.get("PYTHONSAFEPATH")):
        path.append(os.path.dirname(os.path.join(folder, what)) if how == "file" else
                    folder if how == "m" else "")
    if not given & {"E", "I"}:
        path += [one for one in env.get("PYTHONPATH", "").split(":") if one]
    return tuple(path)


def do_process(_folder, _path, _env, how, what, _argv, options):
    """Is a Python, from its command line to its exit code."""
    import atexit
    interrupted = False
    # The first to be registered is the last to be called.
    atexit.register(warn_of_interpreters)

    def program():
        nonlocal interrupted
        try:
            heed_options(options)
            run(how, what, options)
        except KeyboardInterrupt:
            interrupted = True
            raise

    status = _heddle_host.main(program)
    return -signal.SIGINT if interrupted else status


def warn_of_interpreters():
    if len(_heddle.interpreter_list()) > 1:
        import warnings
        warnings.warn("remaining subinterpreters; close them with Interpreter.close()",
                      RuntimeWarning, 0)


def heed_options(options):
    import warnings
    given = {letter for letter, _ in options}
    wanted = [value for letter, value in options if letter == "W"]
    if not given & {"E", "I"}:
        wanted[:0] = [one for one in os.environ.get("PYTHONWARNINGS", "").split(",") if one]
    if wanted:
        sys.warnoptions[:] = wanted
        warnings._processoptions(wanted)
    for letter, value in options:
        if letter == "X":
            name, assigned, value = value.partition("=")
            sys._xoptions[name] = value if assigned else True
    sys.dont_write_bytecode |= "B" in given
    if "u" in given or not given & {"E", "I"} and os.environ.get("PYTHONUNBUFFERED"):
        for stream in sys.stdout, sys.stderr:
            stream.reconfigure(write_through=True)


def complain(text):
    print(text, file=sys.stderr)
    raise SystemExit(2)


def run(how, what, options):
    if how == "wrong":
        complain(f"{what}\nusage: {EXECUTABLE} [option] ... [-c cmd | -m mod | file | -] [arg] ...")
    elif any(letter == "V" for letter, _ in options):
        print("Python", sys.version.split()[0])
    elif how == "file":
        try:
            open(what, "rb").close()
        except OSError as error:
            name, reason = os.path.abspath(what), f"[Errno {error.errno}] {error.strerror}"
            complain(f"{EXECUTABLE}: can't open file {name!r}: {reason}")
        _heddle_host.run_file(os.path.abspath(what))
    elif how == "m":
        _heddle_host.run_module(what)
    elif how == "-" and any(letter == "i" for letter, _ in options):
        converse()
    else:
        run_text(what if how == "c" else sys.stdin.read(), "<string>" if how == "c" else "<stdin>")


def converse():
    import code

    class Console(code.InteractiveConsole):
        def raw_input(self, prompt=""):
            try:
                return super().raw_input(prompt)
            except EOFError:
                if not self.buffer:
                    raise
                # The end of the input is that of the statement too.
                return ""

    Console(sys.modules["__main__"].__dict__).interact(exitmsg="")


def run_text(source, name):
    import linecache
    import textwrap
    if name == "<string>":
        source = textwrap.dedent(source)
    code = compile(source, name, "exec", dont_inherit=True)
    linecache._register_code(code, source, name)
    exec(code, sys.modules["__main__"].__dict__)


def install():
    for function in waitpid, wait, kill:
        function.__module__ = "posix"
        setattr(os, function.__name__, function)
    os.getpid = lambda: _heddle.pid()
    set_and_tell.__name__ = set_and_tell.__qualname__ = "signal"
    set_and_tell.__module__ = "_signal"
    _signal.signal = set_and_tell
    sys.executable = sys._base_executable = EXECUTABLE
    _heddle_serve.DO["process"] = do_process
    _heddle_serve.FOR_HOST.add("process")


install()
`

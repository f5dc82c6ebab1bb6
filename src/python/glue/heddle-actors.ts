/** Python text of `heddle`: references to actors, and objects that are actors of TypeScript's. */
export const HEDDLE_ACTORS = `
class _Asks:
    """The methods of an actor, as somebody calls them."""

    def __init__(self, ref, call, timeout=None):
        self._ref, self._call, self._timeout = ref, call, timeout

    def __call__(self, *, timeout):
        """The same, with a limit in seconds."""
        return _Asks(self._ref, self._call, _seconds(timeout))

    def __getattr__(self, method):
        if method.startswith("__"):
            raise AttributeError(method)

        def call(*args):
            return self._call(self._ref, method, args, self._timeout)
        call.__name__ = call.__qualname__ = method
        return call


def _ask(ref, method, args, timeout):
    answer = _heddle.actor_ask(ref._n, method, args, timeout)
    if answer is _LATE:
        raise TimeoutError(f"no answer to {method} for {timeout} s")
    return answer


async def _ask_async(ref, method, args, timeout):
    return await _later(_heddle.later_actor_ask(ref._n, method, args, None), timeout)


def _tell(ref, method, args, timeout):
    if _heddle.actor_tell(ref._n, method, args, timeout) is _LATE:
        raise TimeoutError(f"no room in the mailbox for {timeout} s")


class ActorRef(_Handle):
    """A reference to an actor: ref.ask.method(…) waits for the answer, ref.tell does not."""

    __slots__ = ()

    @property
    def ask(self):
        """The actor's methods; each call waits for its answer, ask(timeout=1) not for ever."""
        return _Asks(self, _ask)

    @property
    def ask_async(self):
        """The actor's methods for coroutines."""
        return _Asks(self, _ask_async)

    @property
    def tell(self):
        """The actor's methods; each call returns when the mailbox has taken the message."""
        return _Asks(self, _tell)

    @property
    def gone(self):
        """Whether the actor has ended for good."""
        return _heddle.actor_gone(self._n)

    def stop(self):
        """Asks the actor to end when its message in hand is done."""
        _heddle.actor_stop(self._n)

    def kill(self):
        """Ends the actor now."""
        _heddle.actor_kill(self._n)

    def __repr__(self):
        return f"<ActorRef {_heddle.actor_name(self._n)}>"


# Objects that are actors of TypeScript's, by key.
_actors = {}


def _actor_start(key, name, args):
    """Makes an actor's object; returns what it can be asked."""
    from _heddle_host import awaited, find
    actor = find(name)(*args)
    _actors[key] = actor
    if hasattr(actor, "on_start"):
        awaited(actor.on_start())
    return [name for name in dir(actor) if not name.startswith("_")
            and name not in ("on_start", "on_stop") and callable(getattr(actor, name))]


def _actor_call(key, method, args):
    return getattr(_actors[key], method)(*args)


def _actor_stop(key, reason):
    actor = _actors.pop(key, None)
    if hasattr(actor, "on_stop"):
        return actor.on_stop(reason)
`

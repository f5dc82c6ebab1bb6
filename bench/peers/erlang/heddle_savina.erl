%% Programs of the Savina suite; each gives the nanoseconds it took.
-module(heddle_savina).
-export([threadring/1, big/1]).

-define(RING, 100).
-define(BIG, 120).

now_ns() -> erlang:monotonic_time(nanosecond).

%% A token goes round a ring of processes.
threadring(Hops) ->
    Self = self(),
    Start = now_ns(),
    Ring = [spawn_link(fun() -> member(Place, Self) end) || Place <- lists:seq(0, ?RING - 1)],
    [First | Rest] = Ring,
    lists:foreach(fun({One, Next}) -> One ! {next, Next} end, lists:zip(Ring, Rest ++ [First])),
    First ! {token, Hops},
    receive {holder, Holder} -> Holder = Hops rem ?RING end,
    Passed = lists:sum([passed(One) || One <- Ring]),
    Passed = Hops + 1,
    now_ns() - Start.

passed(One) ->
    One ! {passed, self()},
    receive {passed, Count} -> Count end.

member(Place, Report) -> receive {next, Next} -> member(Place, Report, Next, 0) end.

member(Place, Report, Next, Count) ->
    receive
        {token, 0} -> Report ! {holder, Place}, member(Place, Report, Next, Count + 1);
        {token, Left} -> Next ! {token, Left - 1}, member(Place, Report, Next, Count + 1);
        {passed, From} -> From ! {passed, Count}
    end.

%% Processes ping each other at random, so many messages in all.
big(Messages) ->
    Pings = Messages div (2 * ?BIG),
    Self = self(),
    Start = now_ns(),
    All = [spawn_link(fun() -> pinger(Self) end) || _ <- lists:seq(1, ?BIG)],
    Table = list_to_tuple(All),
    [One ! {all, Table, Pings} || One <- All],
    [receive done -> ok end || _ <- All],
    Pinged = lists:sum([passed(One) || One <- All]),
    Pinged = Pings * ?BIG,
    now_ns() - Start.

pinger(Report) ->
    receive {all, Table, Pings} -> ping(Table), pinger(Table, Report, Pings, 0) end.

pinger(Table, Report, Left, Pinged) ->
    receive
        {ping, From} -> From ! pong, pinger(Table, Report, Left, Pinged + 1);
        pong when Left =:= 1 -> Report ! done, pinger(Table, Report, 0, Pinged);
        pong -> ping(Table), pinger(Table, Report, Left - 1, Pinged);
        {passed, From} -> From ! {passed, Pinged}
    end.

ping(Table) -> element(rand:uniform(?BIG), Table) ! {ping, self()}.

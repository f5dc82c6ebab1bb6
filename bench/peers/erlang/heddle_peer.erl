%% One workload: erl -run heddle_peer main <workload> <count> [<schedulers>].
%% Each runs once as warm-up and three times timed; the median is printed as JSON.
-module(heddle_peer).
-behaviour(supervisor).
-export([main/1, init/1, start_leaf/0]).

main(["actor-memory", CountText | _]) ->
    memory(list_to_integer(CountText) div 10),
    io:format("{\"value\":~.3f}~n", [memory(list_to_integer(CountText))]),
    halt();
main(["actor-restart", CountText | _]) ->
    Times = restarts(list_to_integer(CountText)),
    Middle = lists:nth((length(Times) + 1) div 2, lists:sort(Times)),
    io:format("{\"value\":~.6f}~n", [Middle / 1.0e6]),
    halt();
main([Workload, CountText, Schedulers]) ->
    erlang:system_flag(schedulers_online, list_to_integer(Schedulers)),
    main([Workload, CountText]);
main([Workload, CountText]) ->
    Count = list_to_integer(CountText),
    Run = fun() -> run(Workload, Count) end,
    Run(),
    Times = lists:sort([Run() || _ <- lists:seq(1, 3)]),
    Seconds = lists:nth(2, Times) / 1.0e9,
    io:format("{\"seconds\":~.9f,\"count\":~b}~n", [Seconds, Count]),
    halt().

run("ints", Count) -> stream(Count, fun(I) -> I end, fun(I) -> I end, Count * (Count - 1) div 2);
run("objects", Count) ->
    Make = fun(I) -> {I, <<"sensor-north-17">>, [<<"alpha">>, <<"beta">>, <<"gamma">>], {I + 0.25, 1234.5678, true}} end,
    Weigh = fun({I, _, Tags, {_, _, true}}) -> I + length(Tags) + 1 end,
    stream(Count, Make, Weigh, Count * (Count - 1) div 2 + 4 * Count);
run("roundtrip", Count) -> roundtrip(Count);
run("skynet", Count) -> skynet(Count);
run("actor-ping", Count) -> ping(Count, 1);
run("actor-ping-far", Count) -> ping(Count, 2);
run("actor-tell", Count) -> tell(Count, 1);
run("actor-tell-far", Count) -> tell(Count, 2);
run("actor-spawn", Count) -> spawn_all(Count);
run("threadring", Count) -> heddle_savina:threadring(Count);
run("big", Count) -> heddle_savina:big(Count).

now_ns() -> erlang:monotonic_time(nanosecond).

%% One process sends, another receives.
stream(Count, Make, Weigh, Expected) ->
    Self = self(),
    Start = now_ns(),
    Receiver = spawn_link(fun() -> Self ! {sum, receive_all(Count, Weigh, 0), now_ns()} end),
    spawn_link(fun() -> send_all(Receiver, Make, 0, Count) end),
    receive {sum, Sum, End} -> Sum = Expected, End - Start end.

send_all(_, _, Count, Count) -> ok;
send_all(To, Make, I, Count) ->
    To ! Make(I),
    send_all(To, Make, I + 1, Count).

receive_all(0, _, Sum) -> Sum;
receive_all(Left, Weigh, Sum) ->
    receive Value -> receive_all(Left - 1, Weigh, Sum + Weigh(Value)) end.

%% A message and its answer, one at a time.
roundtrip(Count) ->
    Server = spawn_link(fun serve/0),
    Start = now_ns(),
    Sum = ask(Server, 0, Count, 0),
    Elapsed = now_ns() - Start,
    Sum = Count * (Count - 1) div 2 + Count,
    Server ! stop,
    Elapsed.

serve() ->
    receive
        {From, Value} -> From ! {answer, Value + 1}, serve();
        stop -> ok
    end.

ask(_, Count, Count, Sum) -> Sum;
ask(Server, I, Count, Sum) ->
    Server ! {self(), I},
    receive {answer, Value} -> ask(Server, I + 1, Count, Sum + Value) end.

%% A tree of processes, ten children each, whose leaves give their number.
skynet(Count) ->
    Start = now_ns(),
    Self = self(),
    spawn_link(fun() -> node(Self, 0, Count) end),
    Sum = receive {part, Total} -> Total end,
    Elapsed = now_ns() - Start,
    Sum = Count * (Count - 1) div 2,
    Elapsed.

node(Parent, Number, 1) -> Parent ! {part, Number};
node(Parent, Number, Size) ->
    Self = self(),
    Part = Size div 10,
    [spawn_link(fun() -> node(Self, Number + I * Part, Part) end) || I <- lists:seq(0, 9)],
    Parent ! {part, collect(10, 0)}.

collect(0, Sum) -> Sum;
collect(Left, Sum) -> receive {part, Part} -> collect(Left - 1, Sum + Part) end.

%% Runs Work in a process bound to a scheduler, and gives its result.
on(Scheduler, Work) ->
    Self = self(),
    spawn_opt(fun() -> Self ! {done, Work()} end, [link, {scheduler, Scheduler}]),
    receive {done, Result} -> Result end.

%% As roundtrip, with the asker on scheduler 1 and the other where it is told.
ping(Count, Scheduler) ->
    on(1, fun() ->
        Server = spawn_opt(fun serve/0, [link, {scheduler, Scheduler}]),
        Start = now_ns(),
        Sum = ask(Server, 0, Count, 0),
        Elapsed = now_ns() - Start,
        Sum = Count * (Count - 1) div 2 + Count,
        Server ! stop,
        Elapsed
    end).

%% One process tells another one, which adds up.
tell(Count, Scheduler) ->
    on(1, fun() ->
        Self = self(),
        Start = now_ns(),
        Sink = spawn_opt(
            fun() -> Self ! {sum, receive_all(Count, fun(I) -> I end, 0), now_ns()} end,
            [link, {scheduler, Scheduler}]),
        send_all(Sink, fun(I) -> I end, 0, Count),
        receive {sum, Sum, End} -> Sum = Count * (Count - 1) div 2, End - Start end
    end).

%% Processes that handle one message each and stay.
spawn_all(Count) ->
    on(1, fun() ->
        Handled = atomics:new(1, []),
        Start = now_ns(),
        All = start_leaves(Count, Handled, []),
        Elapsed = wait_for(Handled, Count) - Start,
        [Leaf ! stop || Leaf <- All],
        Elapsed
    end).

start_leaves(0, _, All) -> All;
start_leaves(Left, Handled, All) ->
    Leaf = spawn_opt(fun() -> leaf(Handled) end, [{scheduler, 1}]),
    Leaf ! {add, Left},
    start_leaves(Left - 1, Handled, [Leaf | All]).

leaf(Handled) ->
    receive
        {add, _} -> atomics:add(Handled, 1, 1), leaf(Handled);
        stop -> ok
    end.

wait_for(Handled, Count) ->
    case atomics:get(Handled, 1) of
        Count -> now_ns();
        _ -> erlang:yield(), wait_for(Handled, Count)
    end.

%% Bytes of a process that has handled one message.
memory(Count) ->
    Handled = atomics:new(1, []),
    erlang:garbage_collect(),
    Before = erlang:memory(total),
    All = start_leaves(Count, Handled, []),
    wait_for(Handled, Count),
    erlang:garbage_collect(),
    Bytes = erlang:memory(total) - Before - 16 * Count,
    [Leaf ! stop || Leaf <- All],
    Bytes / Count.

%% Nanoseconds from the failure of a supervised process to the answer of its successor.
restarts(Count) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, _} = supervisor:start_link(?MODULE, []),
    [restart(I) || I <- lists:seq(1, Count)].

init([]) ->
    Child = #{id => leaf, start => {?MODULE, start_leaf, []}},
    {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1}, [Child]}}.

start_leaf() ->
    {ok, spawn_link(fun() -> register(bench_leaf, self()), serve_or_fail() end)}.

serve_or_fail() ->
    receive
        {From, fail} -> From ! failing, exit(asked_to_fail);
        {From, Value} -> From ! {answer, Value + 1}, serve_or_fail()
    end.

restart(I) ->
    I1 = I + 1,
    I1 = call_until(I),
    Start = now_ns(),
    bench_leaf ! {self(), fail},
    receive failing -> ok end,
    I1 = call_until(I),
    now_ns() - Start.

%% The name is gone for a moment; a call in between is not answered.
call_until(Value) ->
    case whereis(bench_leaf) of
        undefined -> erlang:yield(), call_until(Value);
        Pid ->
            Ref = monitor(process, Pid),
            Pid ! {self(), Value},
            receive
                {answer, Answer} -> demonitor(Ref, [flush]), Answer;
                {'DOWN', Ref, _, _, _} -> call_until(Value)
            end
    end.

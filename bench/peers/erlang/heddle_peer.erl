%% One workload: erl -run heddle_peer main <workload> <count>.
%% Each runs once as warm-up and three times timed; the median is printed as JSON.
-module(heddle_peer).
-export([main/1]).

main([Workload, CountText | _]) ->
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
run("skynet", Count) -> skynet(Count).

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

#!/usr/bin/env escript
%% Runs the scenarios of a file under Erlang/OTP's own supervisor and prints what happened, as JSON.
%%
%% One process, the recorder, writes the log. A child reports its start before its supervisor
%% goes on; its end is seen by a monitor. Usage: escript supervise.escript <file of terms>
-mode(compile).
-export([start_child/2]).

main([File]) ->
    logger:set_primary_config(level, none),
    {ok, Scenarios} = file:consult(File),
    Outcomes = [{maps:get(name, S), run(S)} || S <- Scenarios],
    io:format("{\"otp\":~s,\"outcomes\":{~n~s~n}}~n", [
        quote(erlang:system_info(otp_release)),
        lists:join(",\n", [[quote(N), ":", list(Events)] || {N, Events} <- Outcomes])]).

%% ---- one scenario: a driver, a supervisor, a recorder ----

run(Scenario) ->
    process_flag(trap_exit, true),
    register(recorder, spawn_link(fun() -> record([], #{}) end)),
    Fails = ets:new(starts, [public, named_table]),
    Result = start_supervisor(Scenario),
    case Result of
        {ok, Sup} ->
            settle(Sup),
            lists:foreach(fun(Step) -> step(Sup, Step), settle(Sup) end, maps:get(steps, Scenario)),
            finish(Sup);
        {error, _} ->
            receive {'EXIT', _, Why} -> note(["end ", reason(Why)]) after 1000 -> ok end
    end,
    timer:sleep(5),
    recorder ! {take, self()},
    Log = receive {log, L} -> L end,
    receive {'EXIT', _, taken} -> ok end,
    ets:delete(Fails),
    Log.

start_supervisor(Scenario) ->
    Strategy = maps:get(strategy, Scenario),
    Flags = #{strategy => Strategy, intensity => maps:get(intensity, Scenario),
              period => maps:get(period, Scenario), auto_shutdown => maps:get(auto, Scenario)},
    Specs = [spec(Strategy, C) || C <- maps:get(children, Scenario)],
    {Root, Top} = case maps:get(nested, Scenario, none) of
        none -> {{Flags, Specs}, none};
        Restart ->
            Inner = #{id => inner, start => {supervisor, start_link, [tree_module(), {Flags, Specs}]},
                      restart => Restart, type => supervisor, shutdown => infinity},
            {{#{strategy => one_for_one, intensity => 1, period => 3600}, [Inner]}, inner}
    end,
    case supervisor:start_link(tree_module(), Root) of
        {ok, Pid} -> put(top, Pid), put(nested, Top), {ok, Pid};
        Other -> Other
    end.

%% `supervisor` wants a callback module; this script is loaded as one.
tree_module() ->
    case code:is_loaded(tree) of
        false ->
            Forms = [{attribute, 1, module, tree}, {attribute, 1, export, [{init, 1}]},
                     {function, 1, init, 1, [{clause, 1, [{var, 1, 'X'}], [],
                       [{tuple, 1, [{atom, 1, ok}, {var, 1, 'X'}]}]}]}],
            {ok, tree, Binary} = compile:forms(Forms),
            {module, tree} = code:load_binary(tree, "tree", Binary);
        _ -> ok
    end,
    tree.

spec(simple_one_for_one, C) -> (spec(one, C))#{start => {?MODULE, start_child, [C]}, id => dynamic};
spec(_, C) ->
    #{id => maps:get(id, C), start => {?MODULE, start_child, [C, maps:get(id, C)]},
      restart => maps:get(restart, C), significant => maps:get(significant, C),
      shutdown => maps:get(shutdown, C)}.

start_child(C, Id) ->
    Parent = self(),
    Count = ets:update_counter(starts, Id, 1, {Id, 0}),
    case lists:member(Count, maps:get(failing, C)) of
        true -> note(["fail ", Id]), {error, refused};
        false -> proc_lib:start_link(erlang, apply, [fun child/3, [Parent, C, Id]])
    end.

child(Parent, C, Id) ->
    process_flag(trap_exit, true),
    recorder ! {start, Id, self()},
    receive noted -> ok end,
    proc_lib:init_ack(Parent, {ok, self()}),
    child_loop(Parent, maps:get(stubborn, C)).

child_loop(Parent, Stubborn) ->
    receive
        {die, Reason} -> exit(Reason);
        {'EXIT', Parent, Reason} when not Stubborn -> exit(Reason);
        _ -> child_loop(Parent, Stubborn)
    end.

%% ---- steps ----

step(_, {die, Id, killed}) -> hurt(Id, fun(Pid) -> exit(Pid, kill) end);
step(_, {die, Id, How}) -> hurt(Id, fun(Pid) -> Pid ! {die, How} end);
step(Sup, {stop, Id}) -> call("stop", Id, fun() -> supervisor:terminate_child(Sup, target(Id)) end);
step(Sup, {restart, Id}) -> call("restart", Id, fun() -> supervisor:restart_child(Sup, Id) end);
step(Sup, {remove, Id}) -> call("remove", Id, fun() -> supervisor:delete_child(Sup, Id) end);
step(Sup, {add, Id, C}) -> call("add", Id, fun() -> supervisor:start_child(Sup, spec(one, C)) end);
step(Sup, {spawn, Id}) -> call("add", Id, fun() -> supervisor:start_child(Sup, [Id]) end);
step(_, {wait, Ms}) -> timer:sleep(Ms);
step(Sup, {counts}) ->
    C = supervisor:count_children(Sup),
    note(io_lib:format("counts ~b of ~b", [proplists:get_value(active, C), proplists:get_value(specs, C)]));
step(Sup, {shutdown}) -> exit(Sup, shutdown).

%% A dynamic child is named by its pid there and by its id here.
target(Id) -> case whoami(Id) of {dynamic, Pid} -> Pid; _ -> Id end.

whoami(Id) ->
    recorder ! {who, Id, self()},
    receive {who, Pid} -> ok end,
    Dynamic = is_pid(Pid) andalso lists:any(fun({I, P, _, _}) -> I =:= undefined andalso P =:= Pid end,
                                            supervisor:which_children(get(top))),
    case Dynamic of true -> {dynamic, Pid}; false -> {static, Pid} end.

hurt(Id, Fun) ->
    recorder ! {who, Id, self()},
    receive
        {who, Pid} when is_pid(Pid) ->
            Ref = monitor(process, Pid),
            Fun(Pid),
            receive {'DOWN', Ref, _, _, _} -> ok end;
        {who, none} -> note(["nobody ", Id])
    end.

call(Verb, Id, Fun) ->
    Outcome = case catch Fun() of
        ok -> "ok";
        {ok, _} -> "ok";
        {error, {Why, _}} when is_atom(Why) -> atom_to_list(Why);
        {error, Why} when is_atom(Why) -> atom_to_list(Why);
        {error, _} -> "failed"
    end,
    sync(),
    note([Verb, " ", Id, ": ", Outcome]).

%% Waits until the supervisor, and the recorder, have nothing left to do.
settle(Sup) -> settle(Sup, 4).
settle(_, 0) -> sync();
settle(Sup, N) ->
    case catch supervisor:which_children(Sup) of
        Children when is_list(Children) ->
            Busy = lists:any(fun({_, P, _, _}) -> P =:= restarting end, Children),
            timer:sleep(2),
            settle(Sup, case Busy of true -> 4; false -> N - 1 end);
        _ -> sync()
    end.

finish(Sup) ->
    case is_process_alive(Sup) of true -> note("alive"), exit(Sup, shutdown); false -> ok end,
    receive {'EXIT', Sup, Reason} -> sync(), note(["end ", reason(Reason)]) end.

%% ---- the recorder ----

note(Line) -> recorder ! {note, self(), lists:flatten(Line)}, receive noted -> ok end.
sync() -> timer:sleep(2), recorder ! {sync, self()}, receive synced -> ok end.

record(Log, Pids) ->
    receive
        {note, From, Line} -> From ! noted, record([Line | Log], Pids);
        {sync, From} -> From ! synced, record(Log, Pids);
        {who, Id, From} -> From ! {who, maps:get(Id, Pids, none)}, record(Log, Pids);
        {start, Id, Pid} ->
            Before = case Pids of
                #{Id := Old} -> receive {'DOWN', _, _, Old, Why} -> [down(Id, Why) | Log] end;
                _ -> Log
            end,
            monitor(process, Pid),
            Pid ! noted,
            record([lists:flatten(["start ", Id]) | Before], Pids#{Id => Pid});
        {'DOWN', _, _, Pid, Why} ->
            [Id] = [I || {I, P} <- maps:to_list(Pids), P =:= Pid],
            record([down(Id, Why) | Log], maps:remove(Id, Pids));
        {take, From} -> From ! {log, lists:reverse(Log)}, exit(taken)
    end.

down(Id, Why) -> lists:flatten(["exit ", Id, " ", reason(Why)]).

reason({shutdown, _}) -> "shutdown";
reason(Reason) when is_atom(Reason) -> atom_to_list(Reason);
reason(_) -> "failed".

quote(Text) -> io_lib:format("~p", [lists:flatten(Text)]).
list(Lines) -> ["[", lists:join(",", [quote(L) || L <- Lines]), "]"].

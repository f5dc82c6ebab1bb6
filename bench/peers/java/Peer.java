import java.util.Arrays;
import java.util.Map;

/**
 * One workload: java Peer <workload> <count> [arg].
 * Each runs twice as warm-up, for the compiler's sake, and three times timed; prints the median.
 */
public final class Peer {
    interface Workload {
        /** Does count units of work and returns the nanoseconds of its timed region. */
        long run(int count, int arg) throws Exception;
    }

    private static final Map<String, Workload> WORKLOADS = Map.ofEntries(
        Map.entry("ints-array-blocking-queue", Queues::arrayBlockingQueue),
        Map.entry("ints-transfer-queue", Queues::transferQueue),
        Map.entry("ints-ring", Queues::ring),
        Map.entry("executor", Tasks::executor),
        Map.entry("fork-join-fib", Tasks::fib),
        Map.entry("skynet", Tasks::skynet),
        Map.entry("sum", Sums::run),
        Map.entry("actors-a-flags", (count, arg) -> Actors.handedOver(count, FlagMailboxes::new)),
        Map.entry("actors-b-flags", (count, arg) -> Actors.created(count, FlagMailboxes::new)),
        Map.entry("actors-b-crowd", Crowd::created),
        Map.entry("actors-c-flags", (count, arg) -> Actors.oneByOne(count, FlagMailboxes::new)),
        Map.entry("actors-a-queue", (count, arg) -> Actors.handedOver(count, QueueMailbox::new)),
        Map.entry("actors-b-queue", (count, arg) -> Actors.created(count, QueueMailbox::new)),
        Map.entry("actors-c-queue", (count, arg) -> Actors.oneByOne(count, QueueMailbox::new)));

    private static final int WARM_UPS = 2;
    private static final int REPEATS = 3;

    public static void main(String[] args) throws Exception {
        Workload workload = WORKLOADS.get(args[0]);
        if (workload == null) throw new IllegalArgumentException("unknown workload " + args[0]);
        int count = Integer.parseInt(args[1]);
        int arg = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        for (int i = 0; i < WARM_UPS; i++) workload.run(count, arg);
        long[] times = new long[REPEATS];
        for (int i = 0; i < REPEATS; i++) times[i] = workload.run(count, arg);
        Arrays.sort(times);
        System.out.printf("{\"seconds\":%.9f,\"count\":%d}%n", times[REPEATS / 2] / 1e9, count);
        System.exit(0);
    }

    static void check(String what, long actual, long expected) {
        if (actual == expected) return;
        throw new IllegalStateException(what + " is " + actual + ", expected " + expected);
    }
}

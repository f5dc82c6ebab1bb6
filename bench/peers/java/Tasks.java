import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;

/** Tasks: a pool of threads, and fork-join. */
final class Tasks {
    private static final int IN_FLIGHT = 10_000;

    static long executor(int count, int arg) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        long start = System.nanoTime();
        long sum = 0;
        long expected = 0;
        for (int done = 0; done < count; done += IN_FLIGHT) {
            int wave = Math.min(IN_FLIGHT, count - done);
            List<Future<Integer>> results = new ArrayList<>(wave);
            for (int i = 0; i < wave; i++) {
                int value = i;
                results.add(pool.submit(() -> value + 1));
            }
            for (Future<Integer> result : results) sum += result.get();
            expected += (long) wave * (wave + 1) / 2;
        }
        long elapsed = System.nanoTime() - start;
        pool.shutdown();
        Peer.check("sum", sum, expected);
        return elapsed;
    }

    /** Fork-join Fibonacci down to the leaves, arg threads (0: one per core). */
    static long fib(int n, int arg) {
        int threads = arg == 0 ? Runtime.getRuntime().availableProcessors() : arg;
        ForkJoinPool pool = new ForkJoinPool(threads);
        long start = System.nanoTime();
        int result = pool.invoke(new Fib(n));
        long elapsed = System.nanoTime() - start;
        pool.shutdown();
        Peer.check("fib", result, plainFib(n));
        return elapsed;
    }

    private static int plainFib(int n) {
        int a = 0;
        int b = 1;
        for (int i = 0; i < n; i++) {
            int sum = a + b;
            a = b;
            b = sum;
        }
        return a;
    }

    private static final class Fib extends RecursiveTask<Integer> {
        private final int n;

        Fib(int n) {
            this.n = n;
        }

        @Override
        protected Integer compute() {
            if (n < 2) return n;
            Fib left = new Fib(n - 1);
            left.fork();
            int right = new Fib(n - 2).compute();
            return left.join() + right;
        }
    }

    static long skynet(int count, int arg) {
        ForkJoinPool pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());
        long start = System.nanoTime();
        long sum = pool.invoke(new Skynet(0, count));
        long elapsed = System.nanoTime() - start;
        pool.shutdown();
        Peer.check("sum", sum, (long) count * (count - 1) / 2);
        return elapsed;
    }

    private static final class Skynet extends RecursiveTask<Long> {
        private final int number;
        private final int size;

        Skynet(int number, int size) {
            this.number = number;
            this.size = size;
        }

        @Override
        protected Long compute() {
            if (size == 1) return (long) number;
            Skynet[] children = new Skynet[10];
            int part = size / 10;
            for (int i = 0; i < 10; i++) {
                children[i] = new Skynet(number + i * part, part);
                children[i].fork();
            }
            long sum = 0;
            for (int i = 9; i >= 0; i--) sum += children[i].join();
            return sum;
        }
    }
}

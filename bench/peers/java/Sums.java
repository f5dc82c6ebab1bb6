import java.util.concurrent.LinkedTransferQueue;

/** Sums numbers that lie in 64 blocks of 65,536; threads take blocks from a queue. */
final class Sums {
    private static final int BLOCK_LENGTH = 65_536;
    private static final int BLOCKS = 64;
    private static final int[] END = new int[0];

    static long run(int count, int threads) throws Exception {
        int[][] pool = new int[BLOCKS][BLOCK_LENGTH];
        for (int[] block : pool) {
            for (int i = 0; i < BLOCK_LENGTH; i++) block[i] = i & 1023;
        }
        LinkedTransferQueue<int[]> queue = new LinkedTransferQueue<>();
        long[] totals = new long[threads];
        Thread[] workers = new Thread[threads];
        int blocks = count / BLOCK_LENGTH;
        long start = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            int own = t;
            workers[t] = new Thread(() -> totals[own] = drain(queue));
            workers[t].start();
        }
        for (int i = 0; i < blocks; i++) queue.put(pool[i % BLOCKS]);
        for (int t = 0; t < threads; t++) queue.put(END);
        long sum = 0;
        for (int t = 0; t < threads; t++) {
            workers[t].join();
            sum += totals[t];
        }
        long elapsed = System.nanoTime() - start;
        Peer.check("sum", sum, (long) blocks * (BLOCK_LENGTH / 1024) * (1023 * 1024 / 2));
        return elapsed;
    }

    private static long drain(LinkedTransferQueue<int[]> queue) {
        long total = 0;
        try {
            for (int[] block = queue.take(); block != END; block = queue.take()) total += sum(block);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return total;
    }

    private static long sum(int[] block) {
        int total = 0;
        for (int value : block) total += value;
        return total;
    }
}

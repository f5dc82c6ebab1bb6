import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** Integers from one thread to another. */
final class Queues {
    private static final int CAPACITY = 1024;

    static long arrayBlockingQueue(int count, int arg) throws Exception {
        return blocking(count, new ArrayBlockingQueue<>(CAPACITY));
    }

    static long transferQueue(int count, int arg) throws Exception {
        return blocking(count, new LinkedTransferQueue<>());
    }

    private static long blocking(int count, BlockingQueue<Integer> queue) throws Exception {
        long start = System.nanoTime();
        Thread sender = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) queue.put(i);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        sender.start();
        long sum = 0;
        for (int i = 0; i < count; i++) sum += queue.take();
        long elapsed = System.nanoTime() - start;
        Peer.check("sum", sum, (long) count * (count - 1) / 2);
        return elapsed;
    }

    /** A ring of plain ints, each published by a release store: what the JVM can do at best. */
    static long ring(int count, int arg) throws Exception {
        Ring ring = new Ring();
        long start = System.nanoTime();
        Thread sender = new Thread(() -> {
            for (int i = 0; i < count; i++) ring.put(i);
        });
        sender.start();
        long sum = 0;
        for (int i = 0; i < count; i++) sum += ring.take();
        long elapsed = System.nanoTime() - start;
        Peer.check("sum", sum, (long) count * (count - 1) / 2);
        return elapsed;
    }

    private static final class Ring {
        private static final int SIZE = 4096;
        private static final VarHandle TAIL = handle("tail");
        private static final VarHandle HEAD = handle("head");
        private final int[] values = new int[SIZE];
        /** Each index on a cache line of its own. */
        private volatile long tail;
        private long p1, p2, p3, p4, p5, p6, p7;
        private volatile long head;
        private long q1, q2, q3, q4, q5, q6, q7;
        private long next, limit;
        private long r1, r2, r3, r4, r5, r6, r7;
        private long first, ready;

        private static VarHandle handle(String field) {
            try {
                return MethodHandles.lookup().findVarHandle(Ring.class, field, long.class);
            } catch (ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        void put(int value) {
            while (next == limit) {
                limit = (long) HEAD.getAcquire(this) + SIZE;
                if (next == limit) Thread.onSpinWait();
            }
            values[(int) next & (SIZE - 1)] = value;
            TAIL.setRelease(this, ++next);
        }

        int take() {
            while (first == ready) {
                HEAD.setRelease(this, first);
                ready = (long) TAIL.getAcquire(this);
                if (first == ready) Thread.onSpinWait();
            }
            return values[(int) first++ & (SIZE - 1)];
        }
    }
}

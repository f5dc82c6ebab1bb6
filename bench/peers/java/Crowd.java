import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Workload B with the division of labour of samsquire's `Actor2ParallelMessageCreation`: each actor
 * is two threads that create lists of messages, one that sends them and one that receives and sums,
 * all of them yielding after each step. One actor per core.
 */
final class Crowd {
    private static final int ACTORS = 2;
    private static final int CREATORS = 2;
    private static final int BATCH = 25_000;
    private static final int LISTS_AT_ONCE = 5;
    /** Threads that may touch one set of mailboxes: all creators, senders and receivers. */
    private static final int THREADS = ACTORS * (CREATORS + 2);

    private final int lists;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicLong sum = new AtomicLong();
    private final FlagMailboxes[] outgoing = new FlagMailboxes[ACTORS];
    private final FlagMailboxes[] incoming = new FlagMailboxes[ACTORS];
    /** Lists that wait to be sent: a creator that finds any does not create more. */
    private final AtomicInteger[] waiting = new AtomicInteger[ACTORS];

    private Crowd(int lists) {
        this.lists = lists;
        for (int i = 0; i < ACTORS; i++) {
            outgoing[i] = new FlagMailboxes(THREADS);
            incoming[i] = new FlagMailboxes(THREADS);
            waiting[i] = new AtomicInteger();
        }
    }

    static long created(int count, int arg) throws Exception {
        return new Crowd(count / BATCH).run();
    }

    private long run() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int actor = 0; actor < ACTORS; actor++) {
            int self = actor;
            for (int i = 0; i < CREATORS; i++) threads.add(thread(threads.size(), id -> create(self, id)));
            threads.add(thread(threads.size(), id -> send(self, id)));
            threads.add(thread(threads.size(), id -> receive(self, id)));
        }
        long start = System.nanoTime();
        for (Thread thread : threads) thread.start();
        for (Thread thread : threads) thread.join();
        long elapsed = System.nanoTime() - start;
        Peer.check("sum", sum.get(), (long) lists * BATCH);
        return elapsed;
    }

    private static Thread thread(int id, java.util.function.IntConsumer work) {
        return new Thread(() -> work.accept(id));
    }

    private void create(int self, int id) {
        while (started.get() < lists) {
            if (waiting[self].get() == 0) {
                for (int i = 0; i < LISTS_AT_ONCE && started.getAndIncrement() < lists; i++) {
                    List<Message> messages = new ArrayList<>(BATCH);
                    for (int k = 0; k < BATCH; k++) messages.add(new Message(self, 1 - self, 1));
                    while (!outgoing[self].offer(id, messages)) Thread.yield();
                    waiting[self].incrementAndGet();
                }
            }
            Thread.yield();
        }
    }

    private void send(int self, int id) {
        while (received.get() < lists) {
            List<Message> messages = outgoing[self].poll(id);
            if (messages != null) {
                while (!incoming[1 - self].offer(id, messages)) Thread.yield();
                waiting[self].decrementAndGet();
            }
            Thread.yield();
        }
    }

    private void receive(int self, int id) {
        long own = 0;
        while (received.get() < lists) {
            List<Message> messages = incoming[self].poll(id);
            if (messages != null) {
                for (Message message : messages) own += message.body;
                received.incrementAndGet();
            }
            Thread.yield();
        }
        sum.addAndGet(own);
    }
}

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Two actors that send to each other and sum what they receive, until each has received its share.
 * A: the same list of 2,500 messages handed over again and again; B: lists of 25,000 messages
 * created, sent and summed; C: messages created and sent one by one.
 */
final class Actors {
    private static final int ACTORS = 2;
    private static final int BATCH_A = 2_500;
    private static final int BATCH_B = 25_000;
    /** Lists on their way to one actor before its sender waits: keeps memory bounded. */
    private static final int AHEAD_MAX = 512;

    interface Source {
        List<Message> next(int from, int to);
    }

    static long handedOver(int count, IntFunction<Mailbox> mailbox) throws Exception {
        List<List<Message>> prepared = new ArrayList<>();
        for (int actor = 0; actor < ACTORS; actor++) prepared.add(create(actor, 1 - actor, BATCH_A));
        return run(count / BATCH_A, BATCH_A, (from, to) -> prepared.get(from), mailbox, AHEAD_MAX);
    }

    static long created(int count, IntFunction<Mailbox> mailbox) throws Exception {
        return run(count / BATCH_B, BATCH_B, (from, to) -> create(from, to, BATCH_B), mailbox, 16);
    }

    static long oneByOne(int count, IntFunction<Mailbox> mailbox) throws Exception {
        return run(count, 1, (from, to) -> List.of(new Message(from, to, 1)), mailbox, AHEAD_MAX);
    }

    private static List<Message> create(int from, int to, int size) {
        List<Message> messages = new ArrayList<>(size);
        for (int i = 0; i < size; i++) messages.add(new Message(from, to, 1));
        return messages;
    }

    private static long run(int lists, int size, Source source, IntFunction<Mailbox> mailbox, int ahead)
        throws Exception {
        int each = lists / ACTORS;
        Mailbox[] boxes = new Mailbox[ACTORS];
        Actor[] actors = new Actor[ACTORS];
        for (int i = 0; i < ACTORS; i++) boxes[i] = mailbox.apply(ACTORS);
        for (int i = 0; i < ACTORS; i++) actors[i] = new Actor(i, each, boxes, source, actors, ahead);
        long start = System.nanoTime();
        for (Actor actor : actors) actor.start();
        long sum = 0;
        for (Actor actor : actors) {
            actor.join();
            sum += actor.sum;
        }
        long elapsed = System.nanoTime() - start;
        Peer.check("sum", sum, (long) each * ACTORS * size);
        return elapsed;
    }

    private static final class Actor extends Thread {
        private final int self;
        private final int lists;
        private final Mailbox[] boxes;
        private final Source source;
        private final Actor[] actors;
        private final int ahead;
        /** Lists received so far; the sender reads it to stay a bounded number ahead. */
        private volatile int received;
        long sum;

        Actor(int self, int lists, Mailbox[] boxes, Source source, Actor[] actors, int ahead) {
            this.self = self;
            this.lists = lists;
            this.boxes = boxes;
            this.source = source;
            this.actors = actors;
            this.ahead = ahead;
        }

        @Override
        public void run() {
            int other = 1 - self;
            int sent = 0;
            int got = 0;
            List<Message> waiting = null;
            while (sent < lists || got < lists) {
                if (sent < lists && sent - actors[other].received < ahead) {
                    if (waiting == null) waiting = source.next(self, other);
                    if (boxes[other].offer(self, waiting)) {
                        waiting = null;
                        sent++;
                    }
                }
                List<Message> messages = boxes[self].poll(self);
                if (messages == null) continue;
                received = ++got;
                for (Message message : messages) sum += message.body;
            }
        }
    }
}

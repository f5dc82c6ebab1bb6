import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Mailboxes after the actors of samsquire's multiversion-concurrency-control: ten per actor, each
 * guarded by a flag for every thread instead of a lock. A thread raises its flag, looks at those of
 * the others, and goes away to try another mailbox when one is up.
 */
final class FlagMailboxes implements Mailbox {
    private static final int MAILBOXES = 10;
    /** Flags lie a cache line apart. */
    private static final int STRIDE = 16;

    private final int threads;
    private final AtomicIntegerArray[] flags = new AtomicIntegerArray[MAILBOXES];
    private final List<ArrayDeque<List<Message>>> boxes = new java.util.ArrayList<>();
    /** Lengths that may be read without the flag: a hint where to look. */
    private final AtomicIntegerArray lengths = new AtomicIntegerArray(MAILBOXES * STRIDE);
    private int nextOffer;
    private int nextPoll;

    FlagMailboxes(int threads) {
        this.threads = threads;
        for (int i = 0; i < MAILBOXES; i++) {
            flags[i] = new AtomicIntegerArray(threads * STRIDE);
            boxes.add(new ArrayDeque<>());
        }
    }

    @Override
    public boolean offer(int sender, List<Message> messages) {
        for (int i = 0; i < MAILBOXES; i++) {
            int box = nextOffer;
            nextOffer = (nextOffer + 1) % MAILBOXES;
            if (!enter(box, sender)) continue;
            boxes.get(box).add(messages);
            lengths.set(box * STRIDE, boxes.get(box).size());
            leave(box, sender);
            return true;
        }
        return false;
    }

    @Override
    public List<Message> poll(int receiver) {
        for (int i = 0; i < MAILBOXES; i++) {
            int box = nextPoll;
            nextPoll = (nextPoll + 1) % MAILBOXES;
            if (lengths.get(box * STRIDE) == 0 || !enter(box, receiver)) continue;
            List<Message> messages = boxes.get(box).poll();
            lengths.set(box * STRIDE, boxes.get(box).size());
            leave(box, receiver);
            if (messages != null) return messages;
        }
        return null;
    }

    private boolean enter(int box, int thread) {
        AtomicIntegerArray raised = flags[box];
        if (othersRaised(raised, thread)) return false;
        raised.set(thread * STRIDE, 1);
        if (!othersRaised(raised, thread)) return true;
        raised.set(thread * STRIDE, 0);
        return false;
    }

    private boolean othersRaised(AtomicIntegerArray raised, int thread) {
        for (int other = 0; other < threads; other++) {
            if (other != thread && raised.get(other * STRIDE) == 1) return true;
        }
        return false;
    }

    private void leave(int box, int thread) {
        flags[box].set(thread * STRIDE, 0);
    }
}

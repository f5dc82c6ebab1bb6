import java.util.List;
import java.util.concurrent.LinkedTransferQueue;

/** The mailbox a Java programmer would take today. */
final class QueueMailbox implements Mailbox {
    private static final int LISTS_MAX = 4096;

    private final LinkedTransferQueue<List<Message>> lists = new LinkedTransferQueue<>();
    private final java.util.concurrent.atomic.AtomicInteger length =
        new java.util.concurrent.atomic.AtomicInteger();

    QueueMailbox(int threads) {}

    @Override
    public boolean offer(int sender, List<Message> messages) {
        if (length.get() >= LISTS_MAX) return false;
        length.incrementAndGet();
        return lists.offer(messages);
    }

    @Override
    public List<Message> poll(int receiver) {
        List<Message> messages = lists.poll();
        if (messages != null) length.decrementAndGet();
        return messages;
    }
}

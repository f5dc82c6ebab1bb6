import java.util.List;

/** Where an actor receives lists of messages. */
interface Mailbox {
    /** Hands over a list by reference; false when it has to be tried again. */
    boolean offer(int sender, List<Message> messages);

    /** The next list, or null when there is none now. */
    List<Message> poll(int receiver);
}

/** A message as the original has it: who, to whom, what. */
final class Message {
    final int from;
    final int to;
    final int body;

    Message(int from, int to, int body) {
        this.from = from;
        this.to = to;
        this.body = body;
    }
}

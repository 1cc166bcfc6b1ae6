package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.SetQueueAccessDecoder;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Who may do what with a queue. The list is kept as the entries group of its command: {@code header (4 bytes)}, then for each entry
 * {@code permissions (1), length (2), principal}. A queue without a list lets everybody do everything.
 */
final class Access {
    /** Permission to send. */
    static final int SEND = 1;
    /** Permission to receive, acknowledge, watch and browse. */
    static final int RECEIVE = 1 << 1;
    /** Permission to change, purge, redrive and delete. */
    static final int MANAGE = 1 << 2;

    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int LENGTH = 1;
    private static final int PRINCIPAL = 3;

    private final State state;
    private final Waiters waiters;
    private final Consumers consumers;

    Access(final State state, final Waiters waiters, final Consumers consumers) {
        this.state = state;
        this.waiters = waiters;
        this.consumers = consumers;
    }

    /** Whether a session may do something with a queue. */
    static boolean allows(final State state, final int session, final int queue, final int permission) {
        return listAllows(state, listOf(state, queue), session, permission);
    }

    /** The list that counts for a queue, -1 for none: where sessions consume a subscription it is the topic's. */
    static int listOf(final State state, final int queue) {
        final int subscription = state.queues.getInt(queue, Queue.SUBSCRIPTION_LINK) - 1;
        if (subscription < 0) {
            return state.queues.getInt(queue, Queue.ACCESS_PAYLOAD_LINK) - 1;
        }
        final int topic = state.topics.subscriptions.getInt(subscription, Subscription.TOPIC);
        return state.topics.topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK) - 1;
    }

    /** Whether a list, -1 for none, lets a session do something. */
    static boolean listAllows(final State state, final int list, final int session, final int permission) {
        return list < 0 || names(state, list, state.sessions.getInt(session, Session.PRINCIPAL_PAYLOAD), permission);
    }

    private static boolean names(final State state, final int list, final int principal, final int permission) {
        final DirectBuffer buffer = state.payloads.buffer(list);
        final int end = state.payloads.offset(list) + state.payloads.length(list);
        int entry = state.payloads.offset(list) + GROUP_HEADER_LENGTH;
        while (entry < end) {
            final int length = buffer.getShort(entry + LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
            if ((buffer.getByte(entry) & permission) != 0
                    && state.payloads.matches(principal, buffer, entry + PRINCIPAL, length)) {
                return true;
            }
            entry += PRINCIPAL + length;
        }
        return false;
    }

    /** Sets the list of a queue; who may no longer receive from it stops to wait and to consume. */
    void set(final Request request, final SetQueueAccessDecoder command) {
        final int queue = request.queue(command.queueId(), MANAGE);
        if (queue < 0) {
            return;
        }
        final int offset = command.limit();
        final SetQueueAccessDecoder.EntriesDecoder entries = command.entries();
        final int count = entries.count();
        while (entries.hasNext()) {
            entries.next().skipPrincipal();
        }
        if (count > state.limit(LimitId.ACCESS_ENTRIES)) {
            request.refuseLimit(LimitId.ACCESS_ENTRIES, state.limit(LimitId.ACCESS_ENTRIES), count);
            return;
        }
        final int length = command.limit() - offset;
        final int before = state.queues.getInt(queue, Queue.ACCESS_PAYLOAD_LINK) - 1;
        if (count > 0 && !request.hasArenaRoom(length, before + 1)) {
            return;
        }
        final int list = count == 0 ? -1 : state.payloads.store(command.buffer(), offset, length);
        state.queues.putInt(queue, Queue.ACCESS_PAYLOAD_LINK, list + 1);
        state.queues.seal(queue);
        if (before >= 0) {
            state.payloads.release(before);
        }
        request.confirm(0, 0);
        stopTheExcluded(queue);
    }

    /**
     * Tells those whom the list shuts out, looking at no more of them than a record may. Whoever is left learns it instead of getting
     * a message ({@link Deliveries#dispatch}).
     */
    private void stopTheExcluded(final int queue) {
        int looks = Kernel.SLICE;
        int waiter = state.queueWaiters.first(queue);
        for (; waiter >= 0 && looks > 0; looks--) {
            final int next = state.queueWaiters.next(waiter);
            waiters.endIfExcluded(waiter);
            waiter = next;
        }
        int consumer = state.queueConsumers.first(queue);
        for (; consumer >= 0 && looks > 0; looks--) {
            final int next = state.queueConsumers.next(consumer);
            consumers.stopIfExcluded(consumer);
            consumer = next;
        }
    }
}

package io.millrace.kernel;

import io.millrace.kernel.TopicTables.Publication;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.filter.FilterMessage;
import io.millrace.kernel.memory.ChunkedMemory;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The subscriptions with a filter policy that messages are for: found when a message is published, whatever becomes of the policies until
 * it is delivered. A publication keeps them as a list in the arena, in parts of at most {@link #PART_IDS}:
 *
 * <pre>
 *   0                 8        16
 *   +-----------------+--------+--------+- - -
 *   | link of the     | id     | id     |       ids of subscriptions, ascending over all parts
 *   | next part, or 0 |        |        |
 *   +-----------------+--------+--------+- - -
 * </pre>
 */
final class Audience {
    static final int PART_IDS = 1023;

    /** Which subscriptions are looked for: bits. */
    private static final int QUEUES = 1;

    private static final int SESSIONS = 1 << 1;
    private static final int STREAMS = 1 << 2;
    private static final int ALL = QUEUES | SESSIONS | STREAMS;

    private static final int HEADER_LENGTH = Long.BYTES;

    private final TopicState topics;
    private final Payloads payloads;
    private final SlotTable publications;
    private final FilterMessage message = new FilterMessage();
    private final ChunkedMemory ids = new ChunkedMemory();
    private final ChunkedMemory others = new ChunkedMemory();
    private final UnsafeBuffer part = new UnsafeBuffer(new byte[HEADER_LENGTH + PART_IDS * Long.BYTES]);
    private int[] ends = {};
    private int[] enveloped = {};

    Audience(final State state) {
        this.topics = state.topics;
        this.payloads = state.payloads;
        this.publications = state.topics.publications;
    }

    /** Makes room for the largest batch; called when limits change, not on the hot path. */
    void capacity(final int batchEntries) {
        ends = new int[batchEntries];
        enveloped = new int[batchEntries];
    }

    /**
     * Finds who of a topic's filtered subscriptions an entry of a batch is for; entries come in order. A policy about bodies judges
     * the one that the subscription would get.
     */
    void find(final int index, final int topic, final PublishedEntry entry) {
        final int start = start(index);
        ends[index] = start;
        enveloped[index] = 0;
        if (topics.filteredCount(topic) == 0) {
            return;
        }
        final DirectBuffer buffer = entry.buffer();
        if (!entry.hasBodies()) {
            ends[index] = match(index, topic, message.wrap(buffer, entry.payload()), ids, start, ALL);
            return;
        }
        message.wrap(buffer, entry.payload(), entry.queueBody(), entry.queueBodyLength());
        final int apart = (entry.isSplit() ? SESSIONS : 0) | (entry.isSplitForStreams() ? STREAMS : 0);
        ends[index] = match(index, topic, message, ids, start, ALL & ~apart);
        if (entry.isSplit()) {
            message.wrap(buffer, entry.payload(), entry.sessionBody(), entry.sessionBodyLength());
            merge(index, match(index, topic, message, others, 0, SESSIONS));
        }
        if (entry.isSplitForStreams() && topics.hasStreams(topic)) {
            message.wrap(buffer, entry.payload(), entry.streamBody(), entry.streamBodyLength());
            merge(index, match(index, topic, message, others, 0, STREAMS));
        }
    }

    /** Lists the subscriptions of some protocols that a message is for behind what is in a list; returns where they end. */
    private int match(
            final int index,
            final int topic,
            final FilterMessage seen,
            final ChunkedMemory list,
            final int from,
            final int protocols) {
        final int count = topics.filtered.match(topics.topics.getLong(topic, Topic.ID), seen, topics);
        list.ensure((long) (from + count) * Long.BYTES);
        int end = from;
        for (int i = 0; i < count; i++) {
            final long id = topics.filtered.matched(i);
            final int subscription = topics.anySubscriptionById(id);
            if (protocols == ALL || (protocols & protocolOf(subscription)) != 0) {
                list.putLong((long) end * Long.BYTES, id);
                end++;
                enveloped[index] += topics.isRaw(subscription) ? 0 : 1;
            }
        }
        return end;
    }

    private int protocolOf(final int subscription) {
        return topics.isForStream(subscription) ? STREAMS : topics.isForSessions(subscription) ? SESSIONS : QUEUES;
    }

    /** Merges the others into the list of an entry, from behind. */
    private void merge(final int index, final int count) {
        final int start = start(index);
        int queue = ends[index] - 1;
        int next = count - 1;
        ends[index] += count;
        ids.ensure((long) ends[index] * Long.BYTES);
        for (int i = ends[index] - 1; next >= 0; i--) {
            final long id = others.getLong((long) next * Long.BYTES);
            final long other = queue < start ? 0 : ids.getLong((long) queue * Long.BYTES);
            ids.putLong((long) i * Long.BYTES, Math.max(id, other));
            if (id > other) {
                next--;
            } else {
                queue--;
            }
        }
    }

    /** An entry that is not published is for nobody. */
    void findNone(final int entry) {
        ends[entry] = start(entry);
        enveloped[entry] = 0;
    }

    private int start(final int entry) {
        return entry == 0 ? 0 : ends[entry - 1];
    }

    /** {@return how many an entry is for} */
    int count(final int entry) {
        return ends[entry] - start(entry);
    }

    /** {@return how many of them get an envelope} */
    int envelopedCount(final int entry) {
        return enveloped[entry];
    }

    /** {@return bytes that the list of an entry takes in the arena} */
    long listBytes(final int entry) {
        final int count = count(entry);
        final long whole = (long) (count / PART_IDS) * Payloads.accountedLength(partLength(PART_IDS));
        return whole + (count % PART_IDS == 0 ? 0 : Payloads.accountedLength(partLength(count % PART_IDS)));
    }

    /** Stores the list of an entry; returns the link of its first part, 0 if the entry is for nobody. */
    int store(final int entry) {
        final int start = start(entry);
        int link = 0;
        int end = ends[entry];
        while (end > start) {
            final int count = (end - start - 1) % PART_IDS + 1;
            part.putLong(0, link, ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                part.putLong(
                        partLength(i), ids.getLong((long) (end - count + i) * Long.BYTES), ByteOrder.LITTLE_ENDIAN);
            }
            link = payloads.store(part, 0, partLength(count)) + 1;
            end -= count;
        }
        return link;
    }

    private static int partLength(final int count) {
        return HEADER_LENGTH + count * Long.BYTES;
    }

    /** The next subscription that a publication is to reach, an id; 0 if there is none. */
    long next(final int publication) {
        final int link = publications.getInt(publication, Publication.AUDIENCE_PAYLOAD_LINK);
        return link == 0 ? 0 : id(link - 1, publications.getInt(publication, Publication.AUDIENCE_INDEX));
    }

    /** Goes on behind the next one; the publication's row is to be sealed afterwards. */
    void advance(final int publication) {
        final int payload = publications.getInt(publication, Publication.AUDIENCE_PAYLOAD_LINK) - 1;
        final int index = publications.getInt(publication, Publication.AUDIENCE_INDEX) + 1;
        if (index < idCount(payload)) {
            publications.putInt(publication, Publication.AUDIENCE_INDEX, index);
        } else {
            publications.putInt(publication, Publication.AUDIENCE_PAYLOAD_LINK, nextLink(payload));
            publications.putInt(publication, Publication.AUDIENCE_INDEX, 0);
            payloads.release(payload);
        }
    }

    /** Whether a publication is still to reach a subscription with a filter policy. */
    boolean awaits(final int publication, final long subscriptionId) {
        int link = publications.getInt(publication, Publication.AUDIENCE_PAYLOAD_LINK);
        int low = publications.getInt(publication, Publication.AUDIENCE_INDEX);
        while (link != 0 && id(link - 1, idCount(link - 1) - 1) < subscriptionId) {
            link = nextLink(link - 1);
            low = 0;
        }
        if (link == 0) {
            return false;
        }
        int high = idCount(link - 1) - 1;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (id(link - 1, middle) < subscriptionId) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return id(link - 1, low) == subscriptionId;
    }

    private int idCount(final int payload) {
        return (payloads.length(payload) - HEADER_LENGTH) / Long.BYTES;
    }

    private int nextLink(final int payload) {
        return (int) payloads.buffer(payload).getLong(payloads.offset(payload), ByteOrder.LITTLE_ENDIAN);
    }

    private long id(final int payload, final int index) {
        return payloads.buffer(payload).getLong(payloads.offset(payload) + partLength(index), ByteOrder.LITTLE_ENDIAN);
    }
}

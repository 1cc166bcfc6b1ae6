package io.millrace.kernel;

import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Archive;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.ExpandableArrayBuffer;

/**
 * The archives of FIFO topics: logs of all that is published, from which subscriptions get it once more. To the record logs an archive is
 * a stream with one shard. A record has the number and the time of the message, its group as partition key, and as data
 *
 * <pre>
 *   0            8                 12      13          16
 *   +------------+-----------------+-------+-----------+- - -
 *   | message id | accounted bytes | flags | 0         | entry of PublishMessages
 *   +------------+-----------------+-------+-----------+- - -
 * </pre>
 */
final class Archives {
    /** Bytes in front of the entry. */
    static final int HEADER_LENGTH = 16;

    /** Flag: the bodies are text. */
    static final int TEXT = 1;

    private static final int ACCOUNTED_BYTES = 8;
    private static final int FLAGS = 12;

    private final State state;
    private final TopicState topics;
    private final SlotTable archives;
    private final RecordLogs logs;
    private final PayloadIds ids = new PayloadIds();
    /** The group, and the data behind it. */
    private final ExpandableArrayBuffer record = new ExpandableArrayBuffer();

    Archives(final State state, final RecordLogs logs) {
        this.state = state;
        this.topics = state.topics;
        this.archives = state.topics.archives;
        this.logs = logs;
    }

    /** How long a topic keeps what is published, 0 if it does not. */
    static long period(final TopicState topics, final int topic) {
        final int archive = topics.archiveOf(topic);
        return archive < 0 ? 0 : topics.archives.getLong(archive, Archive.PERIOD);
    }

    /** Gives a topic without one an archive, and asks for its log. */
    void open(final int topic, final long period) {
        final int archive = archives.allocate();
        final long archiveId = state.next(Root.NEXT_STREAM_ID);
        final long shardId = state.next(Root.NEXT_SHARD_ID);
        archives.putLong(archive, Archive.ID, archiveId);
        archives.putLong(archive, Archive.SHARD_ID, shardId);
        archives.putLong(archive, Archive.PERIOD, period);
        archives.putLong(archive, Archive.NEXT_TRIM_TIME, state.nowNs + Shards.TRIM_INTERVAL);
        archives.putInt(archive, Archive.TOPIC, topic);
        archives.seal(archive);
        link(archive);
        logs.open(archiveId, shardId);
        logs.awaitOpen(archiveId, shardId);
    }

    /** Puts an archive's row into the structures that follow from it. */
    void link(final int archive) {
        if (archives.getLong(archive, Archive.BEGAN_TIME) == 0) {
            topics.openingArchives.addLast(State.ONLY, archive);
        }
        topics.topics.putInt(archives.getInt(archive, Archive.TOPIC), Topic.ARCHIVE_LINK, archive + 1);
        arm(archive);
    }

    private void arm(final int archive) {
        state.timers.add(
                Timers.ARCHIVE,
                archive,
                archives.getLong(archive, Archive.NEXT_TRIM_TIME),
                Timers.ofStream(archives.getLong(archive, Archive.ID)));
    }

    /** The log of an archive is open: what is published from now on goes into it. */
    void ready(final long archiveId, final long shardId) {
        final int archive = topics.openingArchive(archiveId);
        if (archive >= 0 && archives.getLong(archive, Archive.SHARD_ID) == shardId) {
            topics.openingArchives.remove(State.ONLY, archive);
            archives.putSealed(archive, Archive.BEGAN_TIME, state.nowNs);
        }
    }

    /** What is out of reach stays so if the period becomes longer. */
    void change(final int archive, final long period) {
        archives.putLong(archive, Archive.TRIM_TIME, horizon(archive));
        archives.putLong(archive, Archive.PERIOD, period);
        archives.seal(archive);
        trim(archive);
    }

    /** Messages that were published before are out of reach. */
    long horizon(final int archive) {
        return Math.max(
                archives.getLong(archive, Archive.TRIM_TIME), state.nowNs - archives.getLong(archive, Archive.PERIOD));
    }

    private void trim(final int archive) {
        logs.trim(archives.getLong(archive, Archive.ID), horizon(archive));
    }

    /** A topic has no archive any more. */
    void close(final int archive) {
        final long archiveId = archives.getLong(archive, Archive.ID);
        final long shardId = archives.getLong(archive, Archive.SHARD_ID);
        if (archives.getLong(archive, Archive.BEGAN_TIME) == 0) {
            topics.openingArchives.remove(State.ONLY, archive);
        }
        topics.topics.putInt(archives.getInt(archive, Archive.TOPIC), Topic.ARCHIVE_LINK, 0);
        state.timers.remove(Timers.ARCHIVE, archive);
        archives.free(archive);
        logs.delete(archiveId, shardId);
    }

    /** Keeps a message that is published, if its topic has an archive that has begun. */
    void append(
            final int topic,
            final PublishedEntry entry,
            final long messageId,
            final long sequence,
            final int accountedBytes,
            final boolean isText) {
        final int archive = topics.archiveOf(topic);
        if (archive < 0 || archives.getLong(archive, Archive.BEGAN_TIME) == 0) {
            return;
        }
        ids.wrap(entry.buffer(), entry.payload());
        final int data = ids.groupIdLength();
        final int length = entry.end() - entry.start();
        record.putBytes(0, entry.buffer(), ids.groupIdOffset(), data);
        record.putLong(data, messageId, ByteOrder.LITTLE_ENDIAN);
        record.putInt(data + ACCOUNTED_BYTES, accountedBytes, ByteOrder.LITTLE_ENDIAN);
        record.putInt(data + FLAGS, isText ? TEXT : 0, ByteOrder.LITTLE_ENDIAN);
        record.putBytes(data + HEADER_LENGTH, entry.buffer(), entry.start(), length);
        archives.putLong(archive, Archive.LAST_SEQUENCE, sequence);
        archives.putLong(archive, Archive.LAST_TIME, state.nowNs);
        archives.seal(archive);
        state.counters.archived++;
        logs.append(
                archives.getLong(archive, Archive.ID),
                archives.getLong(archive, Archive.SHARD_ID),
                sequence,
                state.nowNs,
                record,
                0,
                data,
                data,
                HEADER_LENGTH + length);
    }

    void onTimer(final int archive) {
        state.timers.remove(Timers.ARCHIVE, archive);
        trim(archive);
        archives.putSealed(archive, Archive.NEXT_TRIM_TIME, state.nowNs + Shards.TRIM_INTERVAL);
        arm(archive);
    }

    /** The server started: its logs are told of all archives again. */
    void boot() {
        for (int archive = 0; archive < archives.highWater(); archive++) {
            if (archives.isLive(archive)) {
                final long archiveId = archives.getLong(archive, Archive.ID);
                final long shardId = archives.getLong(archive, Archive.SHARD_ID);
                logs.open(archiveId, shardId);
                if (archives.getLong(archive, Archive.BEGAN_TIME) == 0) {
                    logs.awaitOpen(archiveId, shardId);
                }
            }
        }
    }
}

package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Topic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** N16: FIFO topics keep what is published, in logs that the host is asked for. */
final class ModelArchives {
    /** Between two looks at what is still in reach. */
    static final long LOOK_NS = TimeUnit.HOURS.toNanos(1);

    private static final int HEADER_LENGTH = 16;

    private final ModelState state;

    ModelArchives(final ModelState state) {
        this.state = state;
    }

    /** Null if a FIFO topic may keep what is published for so long. */
    Event wrong(final Command command, final long periodNs) {
        for (final LimitId limit : new LimitId[] {LimitId.ARCHIVE_PERIOD_LEAST, LimitId.ARCHIVE_PERIOD}) {
            final long excess =
                    limit == LimitId.ARCHIVE_PERIOD ? periodNs - state.limit(limit) : state.limit(limit) - periodNs;
            if (periodNs != 0 && excess > 0) {
                return ModelAnswers.limited(command, limit, state.limit(limit), periodNs, -1);
            }
        }
        return null;
    }

    /** From now on a topic keeps what is published for so long; true if it did before, for another time. */
    boolean set(final Topic topic, final long periodNs) {
        final Archive archive = topic.archive;
        if (archive == null && periodNs > 0) {
            topic.archive = open(periodNs);
        } else if (archive != null && periodNs == 0) {
            topic.archive = null;
            state.streams.tell("delete " + archive.id + "/" + archive.logId);
        } else if (archive != null && archive.periodNs != periodNs) {
            archive.outOfReachNs = archive.horizonNs(state.nowNs);
            archive.periodNs = periodNs;
            return true;
        }
        return false;
    }

    private Archive open(final long periodNs) {
        final Archive archive = new Archive();
        archive.id = state.streams.takeStreamId();
        archive.logId = state.streams.takeShardId();
        archive.periodNs = periodNs;
        archive.nextLookNs = state.nowNs + LOOK_NS;
        askForLog(archive);
        return archive;
    }

    private void askForLog(final Archive archive) {
        state.streams.tell("open " + archive.id + "/" + archive.logId);
        if (archive.beganNs == 0) {
            state.streams.tell("await " + archive.id + "/" + archive.logId);
        }
    }

    void boot() {
        state.topics.archives().forEach(this::askForLog);
    }

    /** The log of an archive is open, if it still waits for it. */
    void ready(final long id) {
        state.topics.archives().stream()
                .filter(archive -> archive.id == id && archive.beganNs == 0)
                .forEach(archive -> archive.beganNs = state.nowNs);
    }

    /** Keeps a message that its topic has accepted. */
    void keep(final Topic topic, final Kept message, final boolean text) {
        final Archive archive = topic.archive;
        if (archive == null || archive.beganNs == 0) {
            return;
        }
        archive.kept.add(message);
        state.streams.tell("append " + archive.id + "/" + archive.logId + " "
                + StreamEvent.sequence(message.sequence()) + " "
                + message.entry().payload().groupId() + "=" + record(message, text) + " at "
                + (message.timeNs() - Scenario.START_NS) / Scenario.MS);
    }

    /** Id, bytes and whether they are text in front of what was sent, one byte in each char. */
    private static String record(final Kept message, final boolean text) {
        final byte[] header = ByteBuffer.allocate(HEADER_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(message.messageId())
                .putInt((int) message.entry().accountedBytes())
                .putInt(text ? 1 : 0)
                .array();
        return new String(header, ISO_8859_1) + PublicationEntry.encode(message.entry());
    }
}

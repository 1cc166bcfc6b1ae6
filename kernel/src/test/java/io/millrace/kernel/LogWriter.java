package io.millrace.kernel;

import io.millrace.codecs.BootEncoder;
import io.millrace.codecs.ClockEncoder;
import io.millrace.codecs.ConfigureEncoder;
import io.millrace.codecs.GenesisEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RecordsReadEncoder;
import io.millrace.codecs.ReplayFailedEncoder;
import io.millrace.codecs.ReplayMessagesEncoder;
import io.millrace.codecs.ReplayPartEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionClosedEncoder;
import io.millrace.codecs.SessionOpenedEncoder;
import io.millrace.codecs.ShardsReadyEncoder;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/** Writes the records that a host journals on its own account; each method returns the length of the record. */
final class LogWriter {

    private static final List<LimitId> LIMIT_IDS = Arrays.stream(LimitId.values())
            .filter(id -> id != LimitId.NONE && id != LimitId.NULL_VAL)
            .toList();

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;

    LogWriter(final MutableDirectBuffer buffer, final int offset) {
        this.buffer = buffer;
        this.offset = offset;
    }

    int genesis(final long secret0, final long secret1, final long directoryId) {
        final GenesisEncoder encoder = new GenesisEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.secret0(secret0)
                .secret1(secret1)
                .directoryId(directoryId)
                .encodedLength());
    }

    int configure(final Limits limits) {
        final ConfigureEncoder encoder = new ConfigureEncoder().wrapAndApplyHeader(buffer, offset, header);
        encoder.profile(limits.profile());
        final ConfigureEncoder.LimitsEncoder group = encoder.limitsCount(LIMIT_IDS.size());
        LIMIT_IDS.forEach(id -> group.next().value(limits.get(id)).limitId(id));
        return sealed(encoder.encodedLength());
    }

    int boot(final long bootEpoch) {
        final BootEncoder encoder = new BootEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.bootEpoch(bootEpoch)
                .resumesAfter(-1)
                .stateHash(0)
                .kernelVersion(Kernel.VERSION)
                .encodedLength());
    }

    int clock() {
        final ClockEncoder encoder = new ClockEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.reserved(0).encodedLength());
    }

    int sessionOpened(final long sessionId, final String principal) {
        final SessionOpenedEncoder encoder = new SessionOpenedEncoder().wrapAndApplyHeader(buffer, offset, header);
        encoder.sessionId(sessionId).putPrincipal(Payload.raw(principal), 0, principal.length());
        return sealed(encoder.encodedLength());
    }

    int sessionClosed(final long sessionId) {
        final SessionClosedEncoder encoder = new SessionClosedEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(
                encoder.sessionId(sessionId).reason(ResultCode.SESSION_TIMEOUT).encodedLength());
    }

    int shardsReady(final long streamId, final long lastShardId) {
        final ShardsReadyEncoder encoder = new ShardsReadyEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.streamId(streamId).lastShardId(lastShardId).encodedLength());
    }

    int recordsRead(final long shardId, final long bytes) {
        final RecordsReadEncoder encoder = new RecordsReadEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.shardId(shardId).readBytes(bytes).encodedLength());
    }

    int replayMessages(final long replayId, final List<RecordingLogs.Archived> records) {
        return replayMessages(replayId, 0, records);
    }

    int replayMessages(final long replayId, final long after, final List<RecordingLogs.Archived> records) {
        final ReplayMessagesEncoder encoder = new ReplayMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        final ReplayMessagesEncoder.MessagesEncoder group =
                encoder.replayId(replayId).afterSequenceNumber(after).messagesCount(records.size());
        records.forEach(record -> group.next()
                .sequenceNumber(record.sequence())
                .publishedTimeNs(record.timeNs())
                .putRecord(record.data(), 0, record.data().length));
        return sealed(encoder.encodedLength());
    }

    int replayPart(final long replayId, final RecordingLogs.Archived record, final int partOffset, final int length) {
        return replayPart(replayId, 0, record, partOffset, length);
    }

    int replayPart(
            final long replayId,
            final long after,
            final RecordingLogs.Archived record,
            final int partOffset,
            final int length) {
        final ReplayPartEncoder encoder = new ReplayPartEncoder().wrapAndApplyHeader(buffer, offset, header);
        encoder.replayId(replayId)
                .afterSequenceNumber(after)
                .sequenceNumber(record.sequence())
                .publishedTimeNs(record.timeNs())
                .recordLength(record.data().length)
                .partOffset(partOffset)
                .putPart(record.data(), partOffset, length);
        return sealed(encoder.encodedLength());
    }

    int replayFailed(final long replayId, final ResultCode code) {
        final ReplayFailedEncoder encoder = new ReplayFailedEncoder().wrapAndApplyHeader(buffer, offset, header);
        return sealed(encoder.replayId(replayId).code(code).encodedLength());
    }

    private int sealed(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.wrap(buffer, offset).messageLength(length).frameSequence(0);
        return length;
    }
}

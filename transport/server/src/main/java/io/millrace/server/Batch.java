package io.millrace.server;

import io.millrace.codecs.ClockEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RecordsReadEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionClosedEncoder;
import io.millrace.codecs.SessionOpenedEncoder;
import io.millrace.codecs.ShardsReadyEncoder;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.LogDispatcher;
import io.millrace.store.AppendResult;
import io.millrace.store.BatchBuilder;
import io.millrace.store.BatchReader;
import io.millrace.store.Journal;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one duty cycle journals and applies: the commands of clients and the records of the host, in one excerpt, under one
 * time. Applying walks the bytes that were journaled, so that replay does exactly the same.
 */
final class Batch implements ReplaySink {

    /** Bytes from which no further command of a client is taken; one largest command more fits always. */
    private static final int CLIENT_BYTES = 1024 * 1024;

    /** Records of replays: others wait for the next batch. */
    private static final int REPLAY_RECORDS = 64;

    private static final int HOST_RECORDS = 64;
    private static final int HOST_RECORD_BYTES = 512;
    private static final long HOST = 0;

    private final Kernel kernel;
    private final Journal journal;
    private final RecordLogHost logs;
    private final HostReplies replies;
    private final HostCounters counters;
    private final BatchBuilder builder;
    private final BatchReader reader = new BatchReader();
    private final LogDispatcher dispatcher;
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[HOST_RECORD_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionOpenedEncoder sessionOpened = new SessionOpenedEncoder();
    private final SessionClosedEncoder sessionClosed = new SessionClosedEncoder();
    private final ClockEncoder clock = new ClockEncoder();
    private final ShardsReadyEncoder shardsReady = new ShardsReadyEncoder();
    private final RecordsReadEncoder recordsRead = new RecordsReadEncoder();
    private final int maxClientRecords;
    private int clientRecords;
    private int clientBytes = CLIENT_BYTES;
    private int replayRecords;
    private boolean isUrgent;
    private boolean isApplying;
    private int logsResult = AppendResult.OK;

    Batch(
            final Kernel kernel,
            final Journal journal,
            final RecordLogHost logs,
            final HostReplies replies,
            final HostCounters counters,
            final int maxClientRecords) {
        this.kernel = kernel;
        this.journal = journal;
        this.logs = logs;
        this.replies = replies;
        this.counters = counters;
        this.maxClientRecords = maxClientRecords;
        builder = new BatchBuilder(maxClientRecords + REPLAY_RECORDS + HOST_RECORDS, maxBytes());
        dispatcher = new LogDispatcher(kernel);
        builder.reset();
    }

    /** {@return longest excerpt, in bytes} */
    static int maxBytes() {
        return CLIENT_BYTES + ServerContext.MAX_FRAME_BYTES + (HOST_RECORDS + 1) * HOST_RECORD_BYTES;
    }

    /**
     * Takes a client's command.
     *
     * @return false if the batch is full.
     */
    boolean append(final long sessionId, final DirectBuffer buffer, final int offset, final int length) {
        final boolean fits = clientRecords < maxClientRecords
                && builder.length() < clientBytes
                && builder.append(sessionId, buffer, offset, length);
        if (fits) {
            clientRecords++;
        } else {
            isUrgent = true;
        }
        return fits;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Clients get as much of the batch as replays: on a server that is busy with what is published no replay would ever come to the end
     * of the archive otherwise.
     */
    @Override
    public boolean appendReplay(final DirectBuffer buffer, final int length) {
        final boolean fits = replayRecords < REPLAY_RECORDS
                && builder.length() < CLIENT_BYTES
                && builder.append(HOST, buffer, 0, length);
        if (fits) {
            replayRecords++;
            clientBytes = Math.min(CLIENT_BYTES, 2 * builder.length());
            isUrgent = true;
        }
        return fits;
    }

    boolean appendSessionOpened(final long sessionId, final byte[] principal) {
        sessionOpened
                .wrapAndApplyHeader(record, 0, header)
                .sessionId(sessionId)
                .putPrincipal(principal, 0, principal.length);
        return appendHostRecord(MessageHeaderEncoder.ENCODED_LENGTH + sessionOpened.encodedLength());
    }

    boolean appendSessionClosed(final long sessionId, final ResultCode reason) {
        sessionClosed.wrapAndApplyHeader(record, 0, header).sessionId(sessionId).reason(reason);
        return appendHostRecord(MessageHeaderEncoder.ENCODED_LENGTH + sessionClosed.encodedLength());
    }

    boolean appendClock() {
        clock.wrapAndApplyHeader(record, 0, header).reserved(0);
        return appendHostRecord(MessageHeaderEncoder.ENCODED_LENGTH + clock.encodedLength());
    }

    /**
     * Says that the logs of a stream are open.
     *
     * @param streamId    the stream.
     * @param lastShardId its shard that was asked for last.
     * @return false if the batch is full.
     */
    boolean appendShardsReady(final long streamId, final long lastShardId) {
        shardsReady.wrapAndApplyHeader(record, 0, header).streamId(streamId).lastShardId(lastShardId);
        return appendHostRecord(MessageHeaderEncoder.ENCODED_LENGTH + shardsReady.encodedLength());
    }

    /**
     * Says how much of a shard was returned.
     *
     * @param shardId   the shard.
     * @param readBytes partition keys and data.
     * @return false if the batch is full.
     */
    boolean appendRecordsRead(final long shardId, final long readBytes) {
        recordsRead.wrapAndApplyHeader(record, 0, header).shardId(shardId).readBytes(readBytes);
        return appendHostRecord(MessageHeaderEncoder.ENCODED_LENGTH + recordsRead.encodedLength());
    }

    /**
     * Takes a record of the host.
     *
     * @param buffer that holds it, from 0.
     * @param length of the record.
     * @return false if the batch is full.
     */
    @Override
    public boolean appendHostRecord(final DirectBuffer buffer, final int length) {
        isUrgent = true;
        return builder.append(HOST, buffer, 0, length);
    }

    /** Somebody waits for what the batch holds. */
    void hurry() {
        isUrgent = true;
    }

    /** {@return false if nobody is the worse for it if the batch waits for what comes next: a microsecond, not more} */
    boolean isUrgent() {
        return isUrgent;
    }

    /** {@return true if the kernel threw inside a batch, after which its state is worth nothing} */
    boolean isBroken() {
        return isApplying;
    }

    /** {@return how the record logs took what the last batch put: a code of {@link AppendResult}, final if not OK} */
    int logsResult() {
        return logsResult;
    }

    @Override
    public boolean isEmpty() {
        return builder.recordCount() == 0;
    }

    /**
     * Journals what was taken, then has the kernel apply it.
     *
     * @param timeNs kernel time of all of it.
     * @return {@link AppendResult#OK}, or why the journal declined. The commands are refused then and the records gone; after
     *         {@link AppendResult#FAILED} nobody knows whether they are in the journal, so nothing is answered.
     */
    int commit(final long timeNs) {
        if (isApplying) {
            throw new AgentTerminationException("the kernel failed inside a batch: its state cannot be trusted");
        }
        long position = journal.nextPosition();
        builder.seal(Kernel.VERSION, journal.bootEpoch(), position, timeNs, kernel.stateHash());
        final DirectBuffer buffer = builder.buffer();
        final int length = builder.length();
        final int result = journal.append(buffer, 0, length);
        reader.wrap(buffer, 0, length);
        if (result == AppendResult.OK) {
            counters.batches++;
            isApplying = true;
            while (reader.next()) {
                logs.at(position++);
                dispatcher.onRecord(
                        timeNs, reader.sessionId(), reader.buffer(), reader.frameOffset(), reader.frameLength());
            }
            isApplying = false;
            logsResult = logs.endBatch();
        } else {
            counters.journalRefusals++;
            if (result != AppendResult.FAILED) {
                refuseAll(result);
            }
        }
        builder.reset();
        clientRecords = 0;
        clientBytes = CLIENT_BYTES;
        replayRecords = 0;
        isUrgent = false;
        return result;
    }

    private void refuseAll(final int result) {
        final ResultCode code = result == AppendResult.DISK_FULL ? ResultCode.OVERLOADED : ResultCode.SERVER_STOPPING;
        while (reader.next()) {
            if (reader.sessionId() != HOST) {
                counters.overloadedFrames++;
                replies.refused(
                        reader.sessionId(), RequestRouter.correlationId(reader.buffer(), reader.frameOffset()), code);
            }
        }
    }

    private boolean appendHostRecord(final int length) {
        header.wrap(record, 0).messageLength(length).frameSequence(0);
        return appendHostRecord(record, length);
    }
}

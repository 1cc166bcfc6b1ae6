package io.millrace.perf.bench;

import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CreateStreamEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PutRecordsEncoder;
import io.millrace.codecs.StreamSettingsEncoder;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import io.millrace.kernel.RecordLogs;
import io.millrace.perf.floor.BootedJournal;
import io.millrace.perf.process.Workspace;
import io.millrace.store.AppendResult;
import io.millrace.store.BatchBuilder;
import io.millrace.store.RecordLogContext;
import io.millrace.store.RecordLogStore;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a server does for a put, without Aeron: journals the command, applies it, writes its records to the logs of their shards and lets
 * readers see them. Every command has {@link #RECORDS} records of 200 bytes, each of a key of its own.
 */
final class PutKernel implements AutoCloseable {
    static final int RECORDS = 16;
    private static final int SIZE = 200;

    /** Roughly, of a command in the journal, and of its records in their logs. */
    static final int COMMAND_BYTES = RECORDS * 300;

    private static final int COMMANDS = 1_024;
    private static final int ROOM = 64 * 1024;
    private static final long SESSION = 1;
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long COMMAND_NS = 1_000;

    private final Workspace workspace = Workspace.create("bench");
    private final BootedJournal journal;
    private final RecordLogStore store;
    private final ScaleAnswers answers = new ScaleAnswers();
    private final Kernel kernel = new Kernel(answers, (blobId, contentLength) -> {}, new Logs());
    private final BatchBuilder batch = new BatchBuilder(1, ROOM);
    private final UnsafeBuffer[] commands = new UnsafeBuffer[COMMANDS];
    private final UnsafeBuffer room = new UnsafeBuffer(new byte[ROOM]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private long awaitedStream;
    private long awaitedShard;
    private long nowNs = START_NS;
    private long position;
    private int next;

    PutKernel(final int shards) {
        journal = new BootedJournal(workspace.directory(), Throwable::printStackTrace);
        store = RecordLogStore.open(
                new RecordLogContext().dataDirectory(workspace.directory()).bootEpoch(1));
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.configure(nowNs, Limits.nativeProfile());
        kernel.boot(nowNs, 1);
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
        final long stream = createStream(shards);
        final Random random = new Random(shards);
        for (int i = 0; i < COMMANDS; i++) {
            commands[i] = put(stream, random);
        }
    }

    /** Puts {@link #RECORDS} records. */
    void put() {
        final UnsafeBuffer command = commands[next];
        next = next + 1 < COMMANDS ? next + 1 : 0;
        batch.reset();
        batch.append(SESSION, command, 0, command.capacity());
        position = journal.nextPosition();
        journal.append(batch);
        nowNs += COMMAND_NS;
        kernel.apply(nowNs, SESSION, command, 0, command.capacity());
        require(store.flush(position));
        store.publish(position);
    }

    /** What a helper does meanwhile. */
    void keepHouse() {
        store.keeper().doHousekeeping();
    }

    private long createStream(final int shards) {
        final CreateStreamEncoder command = new CreateStreamEncoder().wrapAndApplyHeader(room, 0, header);
        command(command.command());
        command.shardCount(shards)
                .settings()
                .retentionNs(StreamSettingsEncoder.retentionNsNullValue())
                .maxRecordBytes(StreamSettingsEncoder.maxRecordBytesNullValue())
                .reserved(0);
        command.name("stream");
        final UnsafeBuffer frame = frame(command.encodedLength());
        kernel.apply(nowNs, SESSION, frame, 0, frame.capacity());
        final long stream = answers.confirmedValue();
        while (kernel.workPending()) {
            kernel.onClock(nowNs);
        }
        store.keeper().doHousekeeping();
        store.pollOpened((streamId, shardId) -> {});
        kernel.shardsReady(nowNs, awaitedStream, awaitedShard);
        while (kernel.workPending()) {
            kernel.onClock(nowNs);
        }
        return stream;
    }

    private UnsafeBuffer put(final long stream, final Random random) {
        final PutRecordsEncoder command = new PutRecordsEncoder().wrapAndApplyHeader(room, 0, header);
        command(command.command());
        final PutRecordsEncoder.RecordsEncoder records =
                command.streamId(stream).recordsCount(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.next().hashKey().high(0).low(0);
            records.flags().clear();
            records.partitionKey(Long.toHexString(random.nextLong())).putData(new byte[SIZE], 0, SIZE);
        }
        return frame(command.encodedLength());
    }

    private static void command(final CommandHeaderEncoder command) {
        BareKernel.command(command);
    }

    private UnsafeBuffer frame(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.wrap(room, 0).messageLength(length).frameSequence(0);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[length]);
        frame.putBytes(0, room, 0, length);
        return frame;
    }

    private static void require(final int result) {
        if (result != AppendResult.OK) {
            throw new IllegalStateException("A record log refused records: " + AppendResult.name(result));
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(store, journal, workspace);
    }

    /** Goes from the kernel to the store. */
    private final class Logs implements RecordLogs {
        @Override
        public void open(final long streamId, final long shardId) {
            store.open(streamId, shardId);
        }

        @Override
        public void awaitOpen(final long streamId, final long lastShardId) {
            awaitedStream = streamId;
            awaitedShard = lastShardId;
        }

        @Override
        public void append(
                final long streamId,
                final long shardId,
                final long sequenceNumber,
                final long timeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            require(store.append(
                    shardId, sequenceNumber, timeNs, position, buffer, keyOffset, keyLength, dataOffset, dataLength));
        }
    }
}

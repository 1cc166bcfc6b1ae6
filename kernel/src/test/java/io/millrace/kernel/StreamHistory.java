package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.memory.SlotTable;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;

/**
 * A random history of streams, applied to two kernels step by step: one that has seen it all, and one that is from time to time made
 * anew from a snapshot of the first. Both must say the same, ask the same of their logs and have the same state; and they must say and
 * ask what {@link StreamModel} does.
 */
final class StreamHistory {
    private static final long SESSION = 1;
    private static final int MOST_IDS = 24;
    private static final int CHECKED_EACH = 25;

    private final Random random;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final CommandWriter writer = new CommandWriter();
    private final LogWriter logWriter = new LogWriter(buffer, 0);
    private final FrameValidator validator = new FrameValidator();
    private final RecordingEgress egress = new RecordingEgress();
    private final RecordingLogs logs = new RecordingLogs();
    private final Kernel kernel = new Kernel(egress, (blobId, length) -> {}, logs);
    private final LogDispatcher dispatcher = new LogDispatcher(kernel);
    private final List<RecordingLogs.Awaited> awaited = new ArrayList<>();
    private final Set<Integer> templates = new TreeSet<>();
    private final Consumer<String> told;
    private RecordingEgress otherEgress = new RecordingEgress();
    private RecordingLogs otherLogs = new RecordingLogs();
    private Kernel other = new Kernel(otherEgress, (blobId, length) -> {}, otherLogs);
    private LogDispatcher otherDispatcher = new LogDispatcher(other);
    private final StreamModel model;
    /** What the model says of the last command; null if it does not know. */
    private String expected;

    /** The put that a record in parts stands for, as long as it has not come to its end; null for none. */
    private StreamCommand.PutRecords inParts;

    private String entry;
    private boolean isBegun;
    private boolean isWhole;
    private long nowNs = Scenario.START_NS;
    private long correlationId;
    private long bootEpoch;
    private long producerSequence;

    StreamHistory(final long seed, final Consumer<String> told) {
        this.random = new Random(seed);
        this.told = told;
        final Limits limits = limits();
        model = new StreamModel(limits);
        record(logWriter.genesis(seed, 2, 3));
        record(logWriter.configure(limits));
        boot();
        apply(new Command.OpenProducer(++correlationId, 0, 1));
        compare();
    }

    /** Templates of the commands applied. */
    Set<Integer> templates() {
        return templates;
    }

    private Limits limits() {
        final boolean hasQuotas = random.nextBoolean();
        return Limits.nativeProfile()
                .with(LimitId.STREAMS, 3)
                .with(LimitId.SHARDS, 12)
                .with(LimitId.RECORD_BYTES, 100)
                .with(LimitId.RECORD_RETENTION_LEAST, 1_000 * Scenario.MS)
                .with(LimitId.RECORD_RETENTION, 20_000 * Scenario.MS)
                .with(LimitId.ITERATOR_AGE, 500 * Scenario.MS)
                .with(LimitId.PARTITION_KEY_CHARACTERS, 6)
                .with(LimitId.PUT_ENTRIES, 6)
                .with(LimitId.PUT_BYTES, 150)
                .with(LimitId.READ_RECORDS, 20)
                .with(LimitId.READ_BYTES, 1_000)
                .with(LimitId.STREAM_CONSUMERS, 2)
                .with(LimitId.SHARD_SUBSCRIPTION, 10_000 * Scenario.MS)
                .with(LimitId.SHARD_SUBSCRIPTION_REST, 100 * Scenario.MS)
                .with(LimitId.SHARD_PUTS, hasQuotas ? 4 : 0)
                .with(LimitId.SHARD_PUT_BYTES, hasQuotas ? 80 : 0)
                .with(LimitId.SHARD_READS, hasQuotas ? 1 : 0)
                .with(LimitId.SHARD_READ_BYTES, hasQuotas ? 500 : 0)
                .with(LimitId.SHARD_COUNT_CHANGES, random.nextInt(4));
    }

    void run(final int steps) {
        for (int step = 0; step < steps; step++) {
            nowNs += random.nextInt(8) == 0 ? random.nextInt(3_000) * Scenario.MS : random.nextInt(50) * Scenario.MS;
            step();
            compare();
            if (step % CHECKED_EACH == 0) {
                assertEquals(kernel.recomputeStateHash(), kernel.stateHash(), () -> "hash before " + correlationId);
            }
            if (random.nextInt(40) == 0) {
                restart();
            }
        }
    }

    private void step() {
        final int choice = random.nextInt(100);
        if (choice < 8 && !awaited.isEmpty()) {
            final RecordingLogs.Awaited next = awaited.get(random.nextInt(awaited.size()));
            record(logWriter.shardsReady(next.streamId(), next.lastShardId()));
            model.ready(next.streamId(), next.lastShardId());
            if (random.nextInt(4) > 0) {
                awaited.remove(next);
            }
        } else if (choice < 10) {
            final long shardId = id();
            final int bytes = random.nextInt(1_500);
            record(logWriter.recordsRead(shardId, bytes));
            model.read(shardId, bytes);
        } else if (choice < 11) {
            boot();
        } else if (choice < 18) {
            record(logWriter.clock());
        } else if (choice < 24) {
            goOnInParts();
        } else if (choice < 50) {
            apply(put());
        } else if (choice < 62) {
            apply(get());
        } else if (choice < 82) {
            apply(change());
        } else {
            apply(query());
        }
        while (kernel.workPending()) {
            assertEquals(kernel.workPending(), other.workPending());
            record(logWriter.clock());
        }
    }

    private void boot() {
        record(logWriter.boot(++bootEpoch));
        isBegun = false;
        model.boot(bootEpoch);
        record(logWriter.sessionOpened(SESSION, ""));
    }

    private long id() {
        return random.nextInt(MOST_IDS);
    }

    /** One that there is, if there is one. */
    private long consumerId() {
        final SlotTable consumers = kernel.state().streams.consumers;
        final long[] ids = IntStream.range(0, consumers.highWater())
                .filter(consumers::isLive)
                .mapToLong(slot -> consumers.getLong(slot, StreamConsumer.ID))
                .toArray();
        return ids.length == 0 ? id() : ids[random.nextInt(ids.length)];
    }

    private long streamId() {
        return 1 + random.nextInt(4);
    }

    private Producer producer() {
        return random.nextInt(4) > 0
                ? Producer.NONE
                : new Producer(1, random.nextInt(3) > 0 ? ++producerSequence : Math.max(1, producerSequence), 1);
    }

    private BigInteger hashKey() {
        final BigInteger key = new BigInteger(128, random);
        return random.nextBoolean() ? key : key.shiftRight(124).shiftLeft(124);
    }

    private Put put(final int oneInIsLong) {
        final int keyLength = random.nextInt(40) == 0 ? random.nextInt(9) : 1 + random.nextInt(4);
        return new Put(
                random.nextBoolean() ? hashKey() : null,
                "k".repeat(keyLength),
                "d".repeat(random.nextInt(random.nextInt(oneInIsLong) == 0 ? 120 : 20)));
    }

    /** A record is begun, its parts arrive, it is put: with much between, and now and then without its parts. */
    private void goOnInParts() {
        if (inParts == null) {
            inParts = new StreamCommand.PutRecords(++correlationId, Producer.NONE, streamId(), List.of(put(3)));
            entry = StreamCommandWriter.entry(inParts.records().get(0));
            isWhole = false;
            apply(new StreamCommand.BeginRecord(correlationId, Producer.NONE, inParts.streamId(), entry.length()));
            isBegun = expected.isEmpty();
        } else if (!isWhole && random.nextInt(10) > 0) {
            apply(new Command.AppendPayload(inParts.correlationId(), 0, entry));
            expected = isBegun ? "" : "refused UNKNOWN_TRANSFER";
            isWhole = true;
        } else {
            apply(new Command.CommitPayload(inParts.correlationId(), Producer.NONE));
            expected = !isBegun
                    ? "refused UNKNOWN_TRANSFER"
                    : isWhole ? model.answer(inParts) : "refused OUT_OF_ORDER_CHUNK";
            inParts = null;
        }
    }

    private Command put() {
        final List<Put> records = new ArrayList<>();
        final int count = random.nextInt(20) == 0 ? random.nextInt(9) : 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            records.add(put(15));
        }
        return new StreamCommand.PutRecords(++correlationId, producer(), streamId(), records);
    }

    private Command get() {
        final ShardPosition kind = ShardPosition.get((short) (1 + random.nextInt(5)));
        final StreamCommand.Iterator iterator = new StreamCommand.Iterator(
                id(), kind, random.nextInt(50) - 1, nowNs - random.nextInt(520) * Scenario.MS);
        return new StreamCommand.GetRecords(++correlationId, iterator, random.nextInt(22), random.nextInt(1_100));
    }

    private Command change() {
        final long streamId = streamId();
        return switch (random.nextInt(16)) {
            case 0, 1 ->
                new StreamCommand.CreateStream(
                        ++correlationId, producer(), "s" + random.nextInt(4), random.nextInt(6), settings());
            case 2 ->
                random.nextInt(4) > 0
                        ? new StreamCommand.DescribeStream(++correlationId, streamId)
                        : new StreamCommand.DeleteStream(++correlationId, producer(), id());
            case 3 -> new StreamCommand.SetStreamSettings(++correlationId, producer(), streamId, settings());
            case 4 -> new StreamCommand.TagStream(++correlationId, producer(), streamId, List.of(tag()));
            case 5 -> new StreamCommand.UntagStream(++correlationId, producer(), streamId, List.of(tag().key()));
            case 6 ->
                new StreamCommand.SetStreamAccess(
                        ++correlationId,
                        producer(),
                        streamId,
                        List.of(new Command.AccessEntry(random.nextInt(4) > 0, random.nextInt(4) > 0, true, "")));
            case 7, 8 -> new StreamCommand.SplitShard(++correlationId, producer(), id(), hashKey());
            case 9, 10 -> {
                final long first = id();
                yield new StreamCommand.MergeShards(++correlationId, producer(), first, first + 1 + random.nextInt(2));
            }
            case 11, 12 ->
                new StreamCommand.SubscribeToShard(
                        ++correlationId,
                        consumerId(),
                        id(),
                        random.nextBoolean() ? ShardPosition.TRIM_HORIZON : ShardPosition.LATEST,
                        0,
                        random.nextInt(1_000));
            case 13 ->
                new StreamCommand.RegisterStreamConsumer(
                        ++correlationId, producer(), streamId, "c" + random.nextInt(3));
            case 14 ->
                random.nextInt(8) > 0
                        ? new StreamCommand.UnsubscribeFromShard(++correlationId, consumerId(), id())
                        : new StreamCommand.DeregisterStreamConsumer(++correlationId, producer(), consumerId());
            default -> new StreamCommand.UpdateShardCount(++correlationId, producer(), streamId, random.nextInt(14));
        };
    }

    private Settings settings() {
        return new Settings(
                random.nextBoolean() ? null : (random.nextInt(22_000) * Scenario.MS),
                random.nextBoolean() ? null : (long) random.nextInt(110));
    }

    private Command.Tag tag() {
        return new Command.Tag("t" + random.nextInt(3), "v" + random.nextInt(3));
    }

    private Command query() {
        final long streamId = streamId();
        return switch (random.nextInt(7)) {
            case 0 -> new StreamCommand.LookUpStream(++correlationId, "s" + random.nextInt(5));
            case 1 -> new StreamCommand.DescribeStream(++correlationId, streamId);
            case 2 -> new StreamCommand.ListStreams(++correlationId, random.nextInt(4), 1 + random.nextInt(4), "s");
            case 3 -> new StreamCommand.ListStreamTags(++correlationId, streamId);
            case 4 -> new StreamCommand.DescribeStreamAccess(++correlationId, streamId);
            case 5 ->
                new StreamCommand.ListShards(
                        ++correlationId,
                        streamId,
                        id(),
                        random.nextBoolean() ? 0 : nowNs - random.nextInt(600) * Scenario.MS,
                        ShardFilter.get((short) (1 + random.nextInt(5))),
                        nowNs - random.nextInt(20_000) * Scenario.MS,
                        1 + random.nextInt(20));
            default ->
                new StreamCommand.GetShardIterator(
                        ++correlationId,
                        id(),
                        ShardPosition.get((short) (1 + random.nextInt(5))),
                        random.nextBoolean() ? 0 : nowNs - random.nextInt(20_000) * Scenario.MS);
        };
    }

    private void apply(final Command command) {
        final int length = writer.write(buffer, 0, SESSION, command);
        assertEquals(io.millrace.codecs.ResultCode.OK, validator.validate(buffer, 0, length), command::toString);
        if (command.isQuery()) {
            model.state().nowNs = nowNs;
            expected = model.answer((Command.OfStream) command);
            final long hash = kernel.stateHash();
            kernel.query(nowNs, SESSION, buffer, 0, length);
            other.query(nowNs, SESSION, buffer, 0, length);
            assertEquals(hash, kernel.stateHash(), command::toString);
        } else {
            templates.add(
                    buffer.getShort(MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
            record(length);
            expected = command instanceof Command.OfStream ofStream ? model.answer(ofStream) : null;
        }
    }

    /** A record of the log, which stands in the buffer. */
    private void record(final int length) {
        model.at(nowNs);
        dispatcher.onRecord(nowNs, SESSION, buffer, 0, length);
        otherDispatcher.onRecord(nowNs, SESSION, buffer, 0, length);
        final RecordingLogs.Awaited next = logs.takeAwaited();
        if (next != null && !awaited.contains(next)) {
            awaited.add(next);
        }
    }

    private void compare() {
        final List<String> events = egress.drain().stream()
                .map(emitted -> emitted.event().toString())
                .toList();
        final List<String> asked = logs.drain();
        assertEquals(
                events,
                otherEgress.drain().stream()
                        .map(emitted -> emitted.event().toString())
                        .toList(),
                () -> "said about " + correlationId);
        assertEquals(asked, otherLogs.drain(), () -> "asked of the logs in " + correlationId);
        assertEquals(kernel.stateHash(), other.stateHash(), () -> "hash after " + correlationId);
        assertEquals(kernel.nextDeadlineNs(), other.nextDeadlineNs(), () -> "deadline after " + correlationId);
        if (expected != null) {
            assertEquals(expected, String.join("\n", events), () -> "what the model says of " + correlationId);
            expected = null;
        }
        final List<String> modelled = model.drain();
        assertEquals(inOrder(modelled), inOrder(asked), () -> "records in " + correlationId);
        assertEquals(others(modelled), others(asked), () -> "logs in " + correlationId);
        Stream.concat(events.stream(), asked.stream()).forEach(told);
    }

    private static List<String> inOrder(final List<String> asked) {
        return asked.stream().filter(StreamHistory::isOfRecords).toList();
    }

    /** In which order logs are opened and deleted says nothing; when they are told the horizon is not in the model, nor are pushes. */
    private static List<String> others(final List<String> asked) {
        return asked.stream()
                .filter(line -> !isOfRecords(line) && !line.startsWith("trim") && !line.contains("push"))
                .sorted()
                .toList();
    }

    private static boolean isOfRecords(final String line) {
        return line.startsWith("append") || line.startsWith("read");
    }

    /** The second kernel goes on from a snapshot of the first. */
    private void restart() {
        otherEgress = new RecordingEgress();
        otherLogs = new RecordingLogs(logs);
        other = Snapshots.copy(kernel, otherEgress, otherLogs);
        otherDispatcher = new LogDispatcher(other);
        assertEquals(DerivedState.of(kernel), DerivedState.of(other));
    }
}

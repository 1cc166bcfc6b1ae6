package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.client.PublishBatch;
import io.millrace.client.PushSettings;
import io.millrace.client.PutListener;
import io.millrace.client.ShardHandler;
import io.millrace.client.StreamPosition;
import io.millrace.client.StreamProducer;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.Topics;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.store.ChronicleJournal;
import io.millrace.store.Journal;
import io.millrace.store.reader.StreamFolders;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The duty-cycle thread's own account of what it allocates, through real Aeron and the real journal: a million each of sends,
 * deliveries, changes of visibility, redeliveries and acknowledgements. Once with the media driver on a thread of its own, and once
 * with the driver invoked from the duty cycle, the default below four cores. There it makes two iterators of 32 bytes in each of
 * its turns (over the transports of its sender's and its receiver's poller), until the compiler removes them; turns come
 * every 100 µs, so that takes some seconds.
 */
@Tag("own-jvm")
class AllocationTest {

    private static final long SLICE = 50_000;
    private static final int QUIET_ROUNDS = 3;
    private static final int MAX_RUNS = 4;
    private static final long MAX_WARM_UP_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long MESSAGES = Long.getLong("millrace.allocation.messages", 1_000_000);
    private static final int BODY_BYTES = 200;
    private static final int WINDOW = 24;
    private static final long DEADLINE_NS = TimeUnit.MINUTES.toNanos(3);

    @TempDir
    Path directory;

    private ChronicleJournal journal;

    @ParameterizedTest
    @EnumSource(
            value = DriverMode.class,
            names = {"SHARED", "INVOKER"})
    void shouldAllocateNothingWhileMessagesGoThrough(final DriverMode driverMode) {
        assertEquals(
                0,
                allocatedBytes(
                        driverMode, MESSAGES, MAX_RUNS, AllocationTest::warmUp, UnaryOperator.identity(), new Load()));
    }

    /** A publish, its match against two filter policies, its push to the session, a retry and the acknowledgement. */
    @Test
    void shouldAllocateNothingWhileWhatIsPublishedIsPushed() {
        assertEquals(
                0,
                allocatedBytes(
                        DriverMode.SHARED,
                        MESSAGES / 5,
                        MAX_RUNS,
                        AllocationTest::warmUp,
                        UnaryOperator.identity(),
                        new PublishLoad()));
    }

    /** A put, the excerpt in its record log, the grant of a read and the frames of its answer, and the frames that push it. */
    @Test
    void shouldAllocateNothingWhileRecordsArePutAndRead() {
        assertEquals(
                0,
                allocatedBytes(
                        DriverMode.SHARED,
                        MESSAGES / 10,
                        MAX_RUNS,
                        AllocationTest::warmUp,
                        UnaryOperator.identity(),
                        new StreamLoad()));
    }

    @Test
    void shouldNoticeSixteenBytesAMessage() {
        final long messages = MESSAGES / 10;

        final long bytes = allocatedBytes(
                DriverMode.SHARED, messages, 1, (server, load) -> load.run(SLICE), LitteringJournal::new, new Load());

        assertTrue(LitteringJournal.litter != null);
        assertTrue(bytes >= 16 * messages, () -> bytes + " bytes for " + messages + " messages");
    }

    private long allocatedBytes(
            final DriverMode driverMode,
            final long messages,
            final int maxRuns,
            final BiConsumer<MillraceServer, Load> warmUp,
            final UnaryOperator<Journal> filter,
            final Load load) {
        final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-alloc-" + UUID.randomUUID();
        final ServerContext ctx = new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDir)
                .driverMode(driverMode)
                .journalFilter(inner -> {
                    journal = (ChronicleJournal) inner;
                    return filter.apply(inner);
                });
        try (MillraceServer server = MillraceServer.launch(ctx)) {
            try (MillraceClient client = MillraceClient.connect(new ClientContext()
                    .serverDirectory(directory)
                    .listener(load)
                    .messageHandler(load::onMessage))) {
                load.start(client);
                long bytes = 1;
                // A compilation within the run resolves string constants on the thread that asks for it: then warm-up
                // was not over, and the whole run counts as part of it.
                for (int run = 1; run <= maxRuns && bytes > 0; run++) {
                    final long startNs = System.nanoTime();
                    warmUp.accept(server, load);
                    final long warmUpMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                    bytes = measure(server, load, messages, run == maxRuns);
                    System.out.println("driver " + driverMode + ", run " + run + ": " + bytes + " bytes for up to "
                            + messages + " of each operation, after " + warmUpMs + " ms of warm-up");
                }
                assertEquals(0, server.errorCount());
                return bytes;
            }
        } finally {
            IoUtil.delete(new File(aeronDir), true);
        }
    }

    /** Until rounds allocate nothing: compilers remove what the interpreter allocates, but when is theirs to say. */
    private static void warmUp(final MillraceServer server, final Load load) {
        final long deadline = System.nanoTime() + MAX_WARM_UP_NS;
        for (int quiet = 0; quiet < QUIET_ROUNDS && System.nanoTime() < deadline; ) {
            final long before = bytesOf(server.dutyCycleThreadId());
            load.run(SLICE);
            quiet = bytesOf(server.dutyCycleThreadId()) == before ? quiet + 1 : 0;
        }
    }

    /**
     * Counts what is allocated between rolls of journal and record logs; the mapping of a new file is the one named exception. A run that
     * is not the last is over with the first byte.
     */
    private long measure(final MillraceServer server, final Load load, final long messages, final boolean isLast) {
        long bytes = 0;
        for (long measured = 0; measured < messages && (isLast || bytes == 0); ) {
            final long rolls = rolls();
            final long redelivered = load.redelivered;
            final long before = bytesOf(server.dutyCycleThreadId());
            load.run(SLICE);
            final long allocated = bytesOf(server.dutyCycleThreadId()) - before;
            if (rolls() == rolls) {
                // The rarest of the operations: all that is sent is delivered and acknowledged, all that is put is
                // read.
                measured += load.redelivered - redelivered;
                bytes += allocated;
            }
        }
        return bytes;
    }

    private long rolls() {
        try (Stream<Path> files = Files.walk(StreamFolders.streams(directory))) {
            return journal.rollCount() + files.count();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytesOf(final long threadId) {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(threadId);
    }

    /** Sends, consumes, gives every message back once if the window has room, and acknowledges all. */
    private static class Load implements ClientListener {

        final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_BYTES]);
        MillraceClient client;
        private long queue;
        private long acknowledged;
        long redelivered;
        private long confirmed;

        void start(final MillraceClient connected) {
            client = connected;
            queue = createQueue();
            client.consume(queue, WINDOW * 2, 1 << 20);
        }

        /** {@return what is to be consumed} */
        long createQueue() {
            return client.queues().create("allocation");
        }

        boolean offer() {
            return client.send(queue, body, 0, BODY_BYTES) > 0;
        }

        void run(final long messages) {
            final long deadline = System.nanoTime() + DEADLINE_NS;
            final long target = acknowledged + messages;
            long sent = acknowledged;
            while (acknowledged < target) {
                while (sent < target && sent - acknowledged < WINDOW && offer()) {
                    sent++;
                }
                if (client.poll() == 0) {
                    Thread.onSpinWait();
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("acknowledged " + acknowledged + " of " + target + ", sent " + sent
                            + ", confirmed " + confirmed + ", redelivered " + redelivered);
                }
            }
        }

        void onMessage(final Delivery delivery) {
            if (delivery.isRedelivered()) {
                redelivered++;
            } else if (delivery.changeVisibility(0) > 0) {
                return;
            }
            acknowledged++;
            delivery.acknowledge();
        }

        @Override
        public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
            confirmed += (to - from + 1) * valuesPerCommand;
        }
    }

    /** The same by way of a topic, of which the session has a subscription. */
    private static final class PublishLoad extends Load {

        private PublishBatch batch;

        @Override
        long createQueue() {
            final Topics topics = client.topics();
            final long topic = topics.create("allocation");
            batch = client.topicPublisher().newBatch().begin(topic);
            topics.subscribeSession(topic, PushSettings.named("huge").delivery(from(100)));
            return topics.subscribeSession(topic, PushSettings.named("large").delivery(from(10)))
                    .queueId();
        }

        private static SubscriptionSettings from(final int amount) {
            return new SubscriptionSettings().filterPolicy("{\"amount\":[{\"numeric\":[\">=\"," + amount + "]}]}");
        }

        @Override
        boolean offer() {
            if (batch.count() == 0) {
                batch.startMessage().putNumber("amount", 12);
                batch.endMessage(body, 0, BODY_BYTES);
            }
            return batch.send() > 0;
        }
    }

    /** Puts records, reads them by asking and has them pushed. */
    private static final class StreamLoad extends Load implements PutListener, ShardHandler {

        private StreamProducer producer;
        private String refusal;
        private long pushed;

        @Override
        void start(final MillraceClient connected) {
            client = connected;
            final long stream = client.streams().create("allocation", 1);
            client.streams().awaitActive(stream);
            final long shard = client.streams().shards(stream).get(0).shardId();
            producer = client.streams().producer(stream, this);
            client.streams().reader(shard, StreamPosition.HORIZON, this).pollIntervalNs(0);
            final long consumer = client.streams().consumers().register(stream, "pushed");
            client.streams().consumers().subscribe(consumer, shard, StreamPosition.HORIZON, this::onPushed);
        }

        @Override
        void run(final long messages) {
            final long deadline = System.nanoTime() + DEADLINE_NS;
            final long target = redelivered + messages;
            long put = redelivered;
            while (redelivered < target || pushed < target) {
                while (put < target
                        && put - Math.min(redelivered, pushed) < WINDOW
                        && producer.offer("key", body, 0, BODY_BYTES) > 0) {
                    put++;
                }
                if (client.poll() == 0) {
                    Thread.onSpinWait();
                }
                if (System.nanoTime() > deadline || refusal != null) {
                    throw new AssertionError("read " + redelivered + ", pushed " + pushed + " of " + target + ", put "
                            + put + ' ' + refusal);
                }
            }
        }

        private void onPushed(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            pushed++;
        }

        @Override
        public void onRecord(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            redelivered++;
        }

        @Override
        public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
            // What is read was put.
        }

        @Override
        public void onRefused(
                final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            refusal = code.name();
        }
    }

    /** Allocates an object of 16 bytes for every record, on the thread that appends. */
    private static final class LitteringJournal extends FilteredJournal {

        private static volatile Object litter;

        LitteringJournal(final Journal journal) {
            super(journal);
        }

        @Override
        public int append(final DirectBuffer excerpt, final int offset, final int length) {
            final long before = nextPosition();
            final int result = super.append(excerpt, offset, length);
            for (long i = nextPosition() - before; i > 0; i--) {
                litter = new Object();
            }
            return result;
        }
    }
}

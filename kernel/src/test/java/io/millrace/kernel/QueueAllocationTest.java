package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.CommandHeaderDecoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.kernel.Command.Entry;
import io.millrace.kernel.Command.Producer;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Once warm, everything that queues do day by day allocates nothing on the heap: deduplication, groups, receive attempts, settling, dead
 * letters, redrive, priorities, expiry, purge, waiting, large messages, browsing. {@link AllocationTest} has what a plain queue does, many
 * more times.
 */
class QueueAllocationTest {

    private static final int WARM_UP_ROUNDS = 4_000;
    private static final int ROUNDS = 2_000;
    private static final int ATTEMPTS = 25;
    private static final int DELIVERIES_PER_ROUND = 24;
    private static final long MS = 1_000_000L;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    /** What is remembered for a time must come and go before it is measured. */
    private final BulkKernel bulk = new BulkKernel(Limits.nativeProfile()
            .with(LimitId.DEDUPLICATION_WINDOW, 1_000 * MS)
            .with(LimitId.ATTEMPT_WINDOW, 1_000 * MS)
            .with(LimitId.RETENTION_LEAST, MS));

    private final long fifoDead = bulk.createQueue("fifo-dead", SettingsBuilder.fifo());
    private final long fifo = bulk.createQueue("fifo", SettingsBuilder.fifo().deadLetters(fifoDead, 1));
    private final long late = bulk.createQueue("late", SettingsBuilder.fifo().delay(1));
    private final long dead = bulk.createQueue("dead", SettingsBuilder.standard());
    private final long ranked = bulk.createQueue(
            "ranked", SettingsBuilder.standard().deadLetters(dead, 1).priorities(4));
    private final long patient =
            bulk.createQueue("patient", SettingsBuilder.standard().backoff(Backoff.FIXED, 1, 1));
    private final long mortal =
            bulk.createQueue("mortal", SettingsBuilder.standard().build().with("retentionNs", 5 * MS));
    private final long watched = bulk.createQueue(
            "watched", SettingsBuilder.standard().build().with("highDepth", 3L).with("lowDepth", 1L));

    private final UnsafeBuffer sendToGroups = bulk.frame(send(
            fifo,
            entry(Payload.of("one").inGroup("a").withDeduplicationId("A0000000")),
            entry(Payload.of("two").inGroup("a").withDeduplicationId("B0000000")),
            entry(Payload.of("six").inGroup("b").withDeduplicationId("C0000000"))));
    private final int groupEntryLength =
            bulk.frame(send(fifo, entry(Payload.of("one").inGroup("a").withDeduplicationId("A0000000"))))
                            .capacity()
                    - bulk.frame(send(fifo)).capacity();
    private final UnsafeBuffer sendContent =
            bulk.frame(send(fifo, entry(Payload.of("G0000000").inGroup("c"))));
    private final UnsafeBuffer sendFailing =
            bulk.frame(send(fifo, entry(Payload.of("F0000000").inGroup("c"))));
    private final UnsafeBuffer sendLate =
            bulk.frame(send(late, entry(Payload.of("L0000000").inGroup("c"))));
    private final UnsafeBuffer attempt = bulk.frame(new Command.Receive(1, fifo, 10, 0L, null, List.of(), "A0000000"));
    private final UnsafeBuffer sendRanked = bulk.frame(new Command.SendMessages(
            1,
            Producer.NONE,
            ranked,
            true,
            true,
            List.of(
                    ranked(3, "x"),
                    ranked(0, "x"),
                    ranked(9, "refused by itself"),
                    entry(Payload.of("text").inGroup("tenant")))));
    private final UnsafeBuffer sendMortal = bulk.frame(send(
            mortal,
            entry(Payload.of("by retention")),
            new Entry(null, null, MS, 0, Payload.of("by its own time")),
            new Entry(2 * MS, Payload.of("delayed"))));
    private final UnsafeBuffer sendWatched = bulk.frame(
            send(watched, Collections.nCopies(5, entry(Payload.of("x"))).toArray(Entry[]::new)));
    private final UnsafeBuffer sendPatient = bulk.frame(send(
            patient,
            entry(Payload.of("x", Payload.Attribute.number("price", "12"), Payload.Attribute.text("a", "b")))));
    private final byte[] large = Payload.of("y".repeat(3_000)).bytes();
    private final UnsafeBuffer begin =
            bulk.frame(new Command.BeginPayload(7, Producer.NONE, patient, null, large.length));
    private final UnsafeBuffer append =
            bulk.frame(new Command.AppendPayload(7, 0, new String(large, StandardCharsets.ISO_8859_1)));
    private final UnsafeBuffer commit = bulk.frame(new Command.CommitPayload(7, Producer.NONE));
    private final UnsafeBuffer waiting =
            bulk.frame(new Command.Receive(1, patient, 1, 2 * MS, null, List.of("price"), ""));
    private final UnsafeBuffer consume = bulk.frame(new Command.Consume(1, fifo, 10, 1_000, null));
    private final UnsafeBuffer stop = bulk.frame(new Command.StopConsuming(1, fifo));
    private final UnsafeBuffer purge = bulk.frame(new Command.PurgeQueue(1, Producer.NONE, watched));
    private final UnsafeBuffer browse = bulk.frame(new Command.BrowseMessages(1, watched, 0, 10, true, true, true));
    private final UnsafeBuffer describe = bulk.frame(new Command.DescribeQueue(1, watched));
    private final UnsafeBuffer redriveFifo = bulk.frame(new Command.StartRedrive(1, Producer.NONE, fifoDead, 0, 0));
    private final UnsafeBuffer redrive = bulk.frame(new Command.StartRedrive(1, Producer.NONE, dead, 0, 0));
    private final UnsafeBuffer receiveFifo = receive(fifo);
    private final UnsafeBuffer receiveLate = receive(late);
    private final UnsafeBuffer receiveRanked = receive(ranked);
    private final UnsafeBuffer receivePatient = receive(patient);
    private final UnsafeBuffer receiveWatched = receive(watched);
    private final UnsafeBuffer acknowledgeFifo = acknowledge(fifo, 1);
    private final UnsafeBuffer acknowledgeFour = acknowledge(fifo, 4);
    private final UnsafeBuffer acknowledgeLate = acknowledge(late, 1);
    private final UnsafeBuffer acknowledgeRanked = acknowledge(ranked, 3);
    private final UnsafeBuffer acknowledgePatient = acknowledge(patient, 1);
    private final UnsafeBuffer retryFifo = settle(fifo, Disposition.RETRY, 1);
    private final UnsafeBuffer retryPatient = settle(patient, Disposition.RETRY, 1);
    private final UnsafeBuffer release = settle(ranked, Disposition.RELEASE, 3);
    private final UnsafeBuffer reject = settle(ranked, Disposition.REJECT, 3);
    private long round;
    private long sequence;

    /**
     * Not a byte in one whole attempt: what the kernel allocates it would allocate in each of its rounds, while a few hundred bytes in all are
     * charged to the thread as long as the compiler still replaces code that it runs.
     */
    @Test
    void shouldAllocateNothing() {
        bulk.apply(new Command.OpenProducer(1, 0, 0));
        bulk.apply(new Command.WatchQueue(1, watched, true));
        rounds(WARM_UP_ROUNDS);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(ROUNDS);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        assertEquals(DELIVERIES_PER_ROUND * round, bulk.delivered(), "deliveries");
        final KernelCounters counters = bulk.kernel.counters();
        assertEquals(3 * round, counters.duplicates(), "duplicates");
        assertEquals(4 * round, counters.deadLetters(), "dead letters");
        assertEquals(4 * round, counters.redriven(), "redriven");
        assertEquals(5 * round, counters.buried(), "purged");
        assertEquals(3 * round, counters.expired(), "expired");
        assertEquals(0, bulk.kernel.messageCount());
    }

    private long bytesAllocatedBy(final int rounds) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        rounds(rounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void rounds(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            round++;
            duplicatedAttemptedAndAcknowledged();
            deadRedrivenAndPushed();
            rankedReleasedRejectedAndRedriven();
            retriedWaitedForAndLarge();
            expired();
            purged();
            pass(MS);
        }
    }

    /** Four messages of three groups, delivered twice under one attempt. */
    private void duplicatedAttemptedAndAcknowledged() {
        for (int i = 0; i < 3; i++) {
            number(sendToGroups, sendToGroups.capacity() - i * groupEntryLength - Short.BYTES);
        }
        apply(sendToGroups);
        apply(sendToGroups);
        sendContent(sendContent);
        number(attempt, attempt.capacity());
        apply(attempt);
        apply(attempt);
        end(acknowledgeFour, 4);
        sendContent(sendLate);
        pass(MS);
        apply(receiveLate);
        end(acknowledgeLate, 1);
    }

    /** A failure too many, in a FIFO queue: to the dead letters, back, and pushed. */
    private void deadRedrivenAndPushed() {
        sendContent(sendFailing);
        apply(receiveFifo);
        end(retryFifo, 1);
        apply(receiveFifo);
        apply(redriveFifo);
        pass(MS);
        apply(consume);
        end(acknowledgeFifo, 1);
        apply(stop);
    }

    private void rankedReleasedRejectedAndRedriven() {
        apply(sendRanked);
        apply(receiveRanked);
        end(release, 3);
        apply(receiveRanked);
        end(reject, 3);
        apply(redrive);
        pass(MS);
        apply(receiveRanked);
        end(acknowledgeRanked, 3);
    }

    private void retriedWaitedForAndLarge() {
        apply(sendPatient);
        apply(receivePatient);
        end(retryPatient, 1);
        pass(MS);
        apply(receivePatient);
        end(acknowledgePatient, 1);
        apply(waiting);
        pass(2 * MS);
        apply(waiting);
        apply(sendPatient);
        end(acknowledgePatient, 1);
        apply(begin);
        apply(append);
        apply(commit);
        apply(receivePatient);
        end(acknowledgePatient, 1);
    }

    private void expired() {
        apply(sendMortal);
        pass(5 * MS);
    }

    /** Five messages raise the alarm of the depth, their purge ends it. */
    private void purged() {
        apply(sendWatched);
        bulk.query(browse);
        bulk.query(describe);
        apply(purge);
        while (bulk.kernel.workPending()) {
            bulk.clock();
        }
        apply(receiveWatched);
    }

    private void sendContent(final UnsafeBuffer frame) {
        number(frame, frame.capacity() - 3 * Short.BYTES - 1);
        protect(frame);
        apply(frame);
    }

    private void number(final UnsafeBuffer frame, final int end) {
        BulkKernel.writeDigits(frame, end, round);
    }

    private void end(final UnsafeBuffer frame, final int count) {
        bulk.end(frame, count);
    }

    private void protect(final UnsafeBuffer frame) {
        frame.putLong(HEADER + CommandHeaderDecoder.producerIdEncodingOffset(), 1, ByteOrder.LITTLE_ENDIAN);
        frame.putLong(
                HEADER + CommandHeaderDecoder.producerSequenceEncodingOffset(), ++sequence, ByteOrder.LITTLE_ENDIAN);
        frame.putInt(HEADER + CommandHeaderDecoder.producerEpochEncodingOffset(), 1, ByteOrder.LITTLE_ENDIAN);
    }

    private void apply(final UnsafeBuffer frame) {
        bulk.apply(frame, frame.capacity());
    }

    private void pass(final long ns) {
        bulk.nowNs += ns;
        bulk.clock();
        bulk.clock();
    }

    private UnsafeBuffer receive(final long queue) {
        return bulk.frame(new Command.Receive(1, queue, 10, 0L, null));
    }

    private UnsafeBuffer acknowledge(final long queue, final int count) {
        return bulk.frame(new Command.Acknowledge(1, Producer.NONE, queue, Collections.nCopies(count, noReceipt())));
    }

    private UnsafeBuffer settle(final long queue, final Disposition disposition, final int count) {
        return bulk.frame(new Command.SettleMessages(
                1,
                Producer.NONE,
                queue,
                Collections.nCopies(count, new Command.Settlement(noReceipt(), null, disposition))));
    }

    private static Command send(final long queue, final Entry... entries) {
        return new Command.SendMessages(1, Producer.NONE, queue, List.of(entries));
    }

    private static Entry entry(final Payload payload) {
        return new Entry(null, payload);
    }

    private static Entry ranked(final int priority, final String body) {
        return new Entry(null, null, null, priority, Payload.of(body));
    }

    private static Receipt noReceipt() {
        return new Receipt(0, 0, 0, 0, 0);
    }
}

package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SubscriptionSettingsDecoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Once warm, keeping what is published in an archive allocates nothing on the heap, nor does a replay: in an envelope, through a filter policy. */
class ReplayAllocationTest {
    private static final int WARM_UP_ROUNDS = 2_500;
    private static final int ROUNDS = 500;
    private static final int ATTEMPTS = 25;
    private static final long MS = 1_000_000L;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int COUNT = HEADER + ReplayMessagesDecoder.BLOCK_LENGTH + Short.BYTES;

    /** Makes ReplayMessages of what is appended, as long as its id is missing. */
    private static final class Archive implements RecordLogs {
        private final UnsafeBuffer frame = new UnsafeBuffer(new byte[4096]);
        private long replayId;
        private int length;
        private int ended;

        Archive() {
            new LogWriter(frame, 0).replayMessages(0, List.of());
            clear();
        }

        void clear() {
            length = COUNT + Short.BYTES;
            frame.putShort(COUNT, (short) 0, ByteOrder.LITTLE_ENDIAN);
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
            frame.putLong(length, sequenceNumber, ByteOrder.LITTLE_ENDIAN);
            frame.putLong(length + Long.BYTES, timeNs, ByteOrder.LITTLE_ENDIAN);
            frame.putInt(length + 2 * Long.BYTES, dataLength, ByteOrder.LITTLE_ENDIAN);
            frame.putBytes(length + 2 * Long.BYTES + Integer.BYTES, buffer, dataOffset, dataLength);
            length += 2 * Long.BYTES + Integer.BYTES + dataLength;
            final short count = frame.getShort(COUNT, ByteOrder.LITTLE_ENDIAN);
            frame.putShort(COUNT, (short) (count + 1), ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void replay(final ReplayGrant grant) {
            replayId = grant.replayId();
            frame.putLong(HEADER, replayId, ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void endReplay(final long id) {
            ended += id == replayId ? 1 : 0;
        }
    }

    private final Archive archive = new Archive();
    private final BulkKernel bulk =
            new BulkKernel(Limits.nativeProfile().with(LimitId.DEDUPLICATION_WINDOW, 500 * MS), archive);
    private final LogDispatcher dispatcher = new LogDispatcher(bulk.kernel);
    private final long queue = bulk.createQueue("queue", SettingsBuilder.standard());
    private final long topic = bulk.make(new Command.CreateTopic(
            1,
            Producer.NONE,
            "orders",
            TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL).keeping(ReplaySupport.DAY)));
    private final UnsafeBuffer sell = order("S0000000", "sell");
    private final UnsafeBuffer buy = order("B0000000", "buy");
    private final UnsafeBuffer set =
            bulk.frame(new Command.SetSubscription(1, Producer.NONE, 1, SubscriptionSettings.NONE.from(bulk.nowNs)));
    private final UnsafeBuffer receive = bulk.frame(new Command.Receive(1, queue, BulkKernel.BATCH, 0L, null));
    private final UnsafeBuffer acknowledge = bulk.frame(
            new Command.Acknowledge(1, Producer.NONE, queue, Collections.nCopies(2, new Receipt(0, 0, 0, 0, 0))));
    private long round;

    @Test
    void shouldAllocateNothing() {
        bulk.kernel.shardsReady(bulk.nowNs, 1, 1);
        bulk.apply(new Command.SubscribeQueue(
                1, Producer.NONE, topic, queue, SubscriptionSettings.NONE.withPolicy("{\"side\":[\"buy\"]}")));
        rounds(WARM_UP_ROUNDS);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(ROUNDS);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        assertEquals(round, archive.ended, "replays");
        assertEquals(round, bulk.kernel.counters().replayed(), "replayed");
        assertEquals(2 * round, bulk.delivered(), "deliveries");
    }

    private long bytesAllocatedBy(final int rounds) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        rounds(rounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Each round publishes two messages, of which the queue gets one, and gets it once more out of the archive. */
    private void rounds(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            round++;
            bulk.nowNs += MS;
            archive.clear();
            publish(sell);
            publish(buy);
            set.putLong(
                    HEADER
                            + SetSubscriptionDecoder.settingsEncodingOffset()
                            + SubscriptionSettingsDecoder.replayFromNsEncodingOffset(),
                    bulk.nowNs,
                    ByteOrder.LITTLE_ENDIAN);
            bulk.apply(set, set.capacity());
            dispatcher.onRecord(bulk.nowNs, 0, archive.frame, 0, archive.length);
            bulk.apply(receive, receive.capacity());
            bulk.end(acknowledge, 2);
        }
    }

    private UnsafeBuffer order(final String body, final String side) {
        final Payload payload =
                Payload.of(body, Payload.Attribute.text("side", side)).inGroup("g");
        return bulk.frame(new Command.PublishMessages(
                1, Producer.NONE, topic, false, false, List.of(new Published(payload, ""))));
    }

    /** The digits of the body stand in front of the group, which is one byte, and of four lengths. */
    private void publish(final UnsafeBuffer order) {
        BulkKernel.writeDigits(order, order.capacity() - 4 * Short.BYTES - 1, round);
        bulk.apply(order, order.capacity());
    }
}

package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.BeginRecordDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.ResultCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a producer puts into frames, read with the generated decoder, and what it makes of the answers. */
class StreamProducerTest {
    private static final long STREAM = 9;
    private static final long RETRY_NS = 100_000_000;

    private final Harness harness = new Harness();
    private final UnsafeBuffer data = new UnsafeBuffer("0123456789".getBytes(StandardCharsets.UTF_8));
    private final List<String> told = new ArrayList<>();
    private FakeServer server;
    private StreamProducer producer;

    private final PutListener listener = new PutListener() {
        @Override
        public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
            told.add(ticket + " in " + shardId + " as " + sequenceNumber);
        }

        @Override
        public void onRefused(
                final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            told.add(ticket + " " + code + " " + limitId + " " + limit + " " + actual);
        }
    };

    @BeforeEach
    void connect() {
        producer =
                harness.connect(harness.context().closeTimeoutNs(0)).streams().producer(STREAM, 1024 * 1024, listener);
        server = harness.server;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private FakeServer.Received frame() {
        return harness.await(PutRecordsDecoder.TEMPLATE_ID);
    }

    /** The records of a frame: key and length of the data. */
    private static List<String> records(final FakeServer.Received frame) {
        final PutRecordsDecoder put =
                new PutRecordsDecoder().wrapAndApplyHeader(frame.frame(), 0, new MessageHeaderDecoder());
        assertEquals(STREAM, put.streamId());
        final List<String> records = new ArrayList<>();
        for (final PutRecordsDecoder.RecordsDecoder record : put.records()) {
            final String explicit = record.flags().explicitHashKey()
                    ? "@" + record.hashKey().high() + ":" + record.hashKey().low()
                    : "";
            records.add(record.partitionKey() + record.dataLength() + explicit);
            record.skipData();
        }
        assertEquals(frame.length(), Wire.HEADER_LENGTH + put.encodedLength());
        return records;
    }

    private void answer(final FakeServer.Received frame, final ResultCode... codes) {
        StreamEgress.putResults(server, frame.correlationId(), codes);
        server.flush();
    }

    private void offer(final String... records) {
        for (final String record : records) {
            final int length = record.charAt(record.length() - 1) - '0';
            assertTrue(producer.offer(record.substring(0, record.length() - 1), data, 0, length) > 0);
        }
    }

    private List<String> told(final int count) {
        harness.until(count + " records told of", () -> told.size() >= count);
        final List<String> result = List.copyOf(told);
        told.clear();
        return result;
    }

    @Test
    void shouldPutWhatWasOfferedSinceTheLastFrame() {
        offer("a1");
        final FakeServer.Received first = frame();
        offer("b2", "gr\u00fcn0");
        assertEquals(4, producer.offer(new HashKey(7, 8), "c", data, 0, 3));
        assertEquals(5, producer.offer(data, 4, 2, data, 0, 4));
        harness.turn();

        assertEquals(List.of("a1"), records(first));
        assertEquals(List.of(), server.received);
        assertEquals(5, producer.pending());
        answer(first, ResultCode.OK);
        final FakeServer.Received second = frame();
        assertEquals(List.of("b2", "gr\u00fcn0", "c3@7:8", "454"), records(second));
        assertEquals(first.producerSequence() + 1, second.producerSequence());
        answer(second, ResultCode.OK, ResultCode.OK, ResultCode.OK, ResultCode.OK);
        assertEquals(List.of("1 in 5 as 10", "2 in 5 as 10", "3 in 5 as 11", "4 in 5 as 12", "5 in 5 as 13"), told(5));
        assertEquals(0, producer.pending());
        assertThrows(IllegalArgumentException.class, () -> producer.offer("", data, 0, 1));
    }

    @Test
    void shouldTryAgainWhatAShardRefusedAndKeepTheOrderOfItsKey() {
        offer("a1", "b1", "a2");
        final FakeServer.Received first = frame();
        answer(first, ResultCode.LIMIT_EXCEEDED, ResultCode.OK, ResultCode.LIMIT_EXCEEDED);
        assertEquals(List.of("2 in 5 as 11"), told(1));

        offer("b1", "a3", "c1");
        final FakeServer.Received others = frame();
        assertEquals(List.of("b1", "c1"), records(others));
        answer(others, ResultCode.OK, ResultCode.OK);
        assertEquals(List.of("4 in 5 as 10", "6 in 5 as 11"), told(2));
        harness.turn();
        assertEquals(List.of(), server.received);

        harness.advance(RETRY_NS);
        final FakeServer.Received again = frame();
        assertEquals(List.of("a1", "a2", "a3"), records(again));
        answer(again, ResultCode.OK, ResultCode.OK, ResultCode.OK);
        assertEquals(List.of("1 in 5 as 10", "3 in 5 as 11", "5 in 5 as 12"), told(3));
        assertEquals("0 2", producer.pending() + " " + producer.retries());
    }

    @Test
    void shouldNotPutAShorterRecordOfAKeyBehindALongerOneInAFrame() {
        offer("a3", "a3", "a2", "b1", "a9");
        final FakeServer.Received first = frame();
        assertEquals(List.of("a3", "a3", "b1"), records(first));
        answer(first, ResultCode.OK, ResultCode.OK, ResultCode.OK);
        assertEquals(List.of("a2", "a9"), records(frame()));
    }

    @Test
    void shouldTellWhatIsRefusedForGood() {
        offer("a1", "b1", "c1");
        server.refused(frame().correlationId(), 1, ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, 1, 2);
        server.flush();
        assertEquals(List.of("2 LIMIT_EXCEEDED RECORD_BYTES 1 2"), told(1));
        final FakeServer.Received rest = frame();
        assertEquals(List.of("a1", "c1"), records(rest));

        server.refused(rest.correlationId(), ResultCode.UNKNOWN_STREAM);
        server.flush();
        assertEquals(List.of("1 UNKNOWN_STREAM NONE 0 0", "3 UNKNOWN_STREAM NONE 0 0"), told(2));

        offer("d1", "e1");
        answer(frame(), ResultCode.OK);
        assertEquals(List.of("4 in 5 as 10", "5 NULL_VAL NONE 0 0"), told(2));
        assertEquals(1, harness.recorder.take().size(), "the client is told of its connection only");
    }

    @Test
    void shouldWaitForAStreamThatIsBeingCreatedAndKeepToLimitsOfCommands() {
        offer("a1", "b1", "c1");
        server.refused(frame().correlationId(), ResultCode.RESOURCE_IN_USE);
        server.flush();
        harness.until("the answer", () -> producer.retries() == 3);
        harness.turn();
        assertEquals(List.of(), server.received);

        harness.advance(RETRY_NS);
        server.refused(frame().correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.PUT_ENTRIES, 2, 3);
        server.flush();
        final FakeServer.Received two = frame();
        assertEquals(List.of("a1", "b1"), records(two));
        server.refused(two.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.PUT_BYTES, 3, 4);
        server.flush();
        final FakeServer.Received one = frame();
        assertEquals(List.of("a1"), records(one));
        server.refused(one.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.PUT_BYTES, 1, 2);
        server.flush();
        assertEquals(List.of("1 LIMIT_EXCEEDED PUT_BYTES 1 2"), told(1));
        assertEquals(List.of("b1"), records(frame()));
    }

    @Test
    void shouldPutAgainAfterAReconnect() {
        offer("a1");
        final FakeServer.Received first = frame();
        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        offer("b1");
        harness.until("a new session", harness.client::isConnected);

        final FakeServer.Received again = frame();
        assertEquals(first.correlationId(), again.correlationId());
        assertEquals(first.producerSequence(), again.producerSequence());
        answer(again, ResultCode.OK);
        assertEquals(List.of("1 in 5 as 10"), told(1));
        assertEquals(List.of("b1"), records(frame()));
    }

    @Test
    void shouldTellOfRecordsWhoseProducerIsLost() {
        offer("a1");
        frame();
        server.producerId++;
        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        assertEquals(List.of("1 PRODUCER_UNKNOWN NONE 0 0"), told(1));
    }

    @Test
    void shouldBeBoundedAndRefuseWhatDoesNotFitTwiceIntoTheBuffer() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[512 * 1024]);
        assertEquals(MillraceClient.TOO_LARGE, producer.offer("a", large, 0, large.capacity()));
        assertEquals(MillraceClient.TOO_LARGE, producer.offer("a".repeat(0xFFFF), large, 0, 1));
        int taken = 0;
        while (producer.offer("a", large, 0, 60_000) > 0) {
            taken++;
        }
        assertEquals(17, taken);
        assertEquals(MillraceClient.BACK_PRESSURED, producer.offer("a", large, 0, 60_000));
        answer(frame(), ResultCode.OK);
        told(1);
        assertEquals(18, producer.offer("a", large, 0, 60_000));

        producer.close();
        assertEquals(MillraceClient.CLOSED, producer.offer("a", large, 0, 1));
        for (int i = 0; i < 17; i++) {
            answer(frame(), ResultCode.OK);
        }
        told(17);
        assertEquals(0, producer.pending());
        final Streams streams = harness.client.streams();
        assertThrows(IllegalArgumentException.class, () -> streams.producer(STREAM, 65_536, listener));
        assertThrows(IllegalArgumentException.class, () -> streams.producer(STREAM, 300_000, listener));
    }

    @Test
    void shouldPutInPartsWhatFitsNoFrame() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[100_000]);
        large.setMemory(0, large.capacity(), (byte) 'x');
        offer("a1");
        assertEquals(2, producer.offer(new HashKey(7, 8), "a", large, 0, large.capacity()));
        offer("a2");
        answer(frame(), ResultCode.OK);
        final FakeServer.Received commit = harness.await(CommitPayloadDecoder.TEMPLATE_ID);
        final FakeServer.Received begun =
                server.take(BeginRecordDecoder.TEMPLATE_ID).get(0);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final BeginRecordDecoder begin = new BeginRecordDecoder().wrapAndApplyHeader(begun.frame(), 0, header);
        final StringBuilder entry = new StringBuilder();
        for (final FakeServer.Received received : server.take(AppendPayloadDecoder.TEMPLATE_ID)) {
            final AppendPayloadDecoder append =
                    new AppendPayloadDecoder().wrapAndApplyHeader(received.frame(), 0, header);
            assertEquals(entry.length(), append.payloadOffset());
            final byte[] chunk = new byte[append.chunkLength()];
            append.getChunk(chunk, 0, chunk.length);
            entry.append(new String(chunk, StandardCharsets.ISO_8859_1));
        }
        assertEquals(STREAM + " " + entry.length(), begin.streamId() + " " + begin.entryLength());
        assertTrue(entry.toString().endsWith("x".repeat(100_000)));
        assertEquals(17 + 2 + 1 + 4 + 100_000, entry.length());
        assertEquals(begun.correlationId(), commit.correlationId());
        assertEquals(begun.producerSequence(), commit.producerSequence());
        assertEquals(List.of("1 in 5 as 10"), told(1));

        answer(commit, ResultCode.OK);
        assertEquals(List.of("2 in 5 as 10"), told(1));
        assertEquals(List.of("a2"), records(frame()));
    }

    @Test
    void shouldTellOfARecordInPartsThatIsRefusedAndGoOn() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[100_000]);
        assertEquals(1, producer.offer("a", large, 0, large.capacity()));
        offer("a2");
        final FakeServer.Received commit = harness.await(CommitPayloadDecoder.TEMPLATE_ID);
        server.refused(commit.correlationId(), 0, ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, 9, 100_001);
        server.refused(commit.correlationId(), -1, ResultCode.UNKNOWN_TRANSFER, LimitId.NONE, 0, 0);
        server.flush();

        assertEquals(List.of("1 LIMIT_EXCEEDED RECORD_BYTES 9 100001"), told(1));
        assertEquals(List.of("a2"), records(frame()));
    }

    @Test
    void shouldGoOnWhenTheListenerThrows() {
        final StreamProducer faulty = harness.client.streams().producer(STREAM, new PutListener() {
            @Override
            public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
                listener.onPut(ticket, shardId, sequenceNumber);
                throw new IllegalStateException("a fault of the application");
            }

            @Override
            public void onRefused(
                    final long ticket,
                    final ResultCode code,
                    final LimitId limitId,
                    final long limit,
                    final long actual) {}
        });
        faulty.offer("a", data, 0, 1);
        faulty.offer("b", data, 0, 1);
        answer(frame(), ResultCode.OK, ResultCode.OK);
        assertEquals(2, told(2).size());
        assertEquals(2, harness.errors.size());
        harness.errors.clear();
    }

    /** A server whose shards have quotas: whatever it refuses, the records of each key are stored in their order, each once. */
    @Test
    void shouldKeepTheOrderOfEveryKeyUnderQuotas() {
        final Random random = new Random(1);
        final Map<String, List<Integer>> stored = new HashMap<>();
        final Map<String, Integer> offered = new HashMap<>();
        final int[] count = new int[1];
        producer.retryDelayNs(1_000_000);
        while (count[0] < 20_000) {
            final String key = "k" + random.nextInt(40);
            final int number = offered.getOrDefault(key, 0);
            final UnsafeBuffer body = new UnsafeBuffer(new byte[4 + random.nextInt(300)]);
            body.putInt(0, number);
            if (producer.offer(key, body, 0, body.capacity()) > 0) {
                offered.put(key, number + 1);
                count[0]++;
            }
            if (random.nextInt(50) == 0) {
                serve(random, stored);
            }
        }
        harness.until("all records stored", () -> {
            harness.advance(200_000);
            serve(random, stored);
            return producer.pending() == 0;
        });
        offered.forEach((key, number) -> {
            final List<Integer> numbers = stored.get(key);
            assertEquals(number, numbers.size(), key);
            for (int i = 0; i < number; i++) {
                assertEquals(i, numbers.get(i), key);
            }
        });
        assertTrue(producer.retries() > 1_000, "retries " + producer.retries());
    }

    /** Answers the frames that have come as four shards would that have so many bytes and records left. */
    private void serve(final Random random, final Map<String, List<Integer>> stored) {
        harness.crank();
        harness.client.poll();
        for (final FakeServer.Received frame : server.take(PutRecordsDecoder.TEMPLATE_ID)) {
            final PutRecordsDecoder put =
                    new PutRecordsDecoder().wrapAndApplyHeader(frame.frame(), 0, new MessageHeaderDecoder());
            final int[] bytesLeft = new int[4];
            final int[] recordsLeft = new int[4];
            Arrays.setAll(bytesLeft, i -> random.nextInt(8_000));
            Arrays.setAll(recordsLeft, i -> random.nextInt(60));
            final List<ResultCode> codes = new ArrayList<>();
            for (final PutRecordsDecoder.RecordsDecoder record : put.records()) {
                final String key = record.partitionKey();
                final byte[] body = new byte[record.dataLength()];
                record.getData(body, 0, body.length);
                final int shard = key.hashCode() & 3;
                final int length = key.length() + body.length;
                final boolean isStored = recordsLeft[shard] > 0 && bytesLeft[shard] >= length;
                if (isStored) {
                    recordsLeft[shard]--;
                    bytesLeft[shard] -= length;
                    stored.computeIfAbsent(key, ignored -> new ArrayList<>()).add(new UnsafeBuffer(body).getInt(0));
                }
                codes.add(isStored ? ResultCode.OK : ResultCode.LIMIT_EXCEEDED);
            }
            StreamEgress.putResults(server, frame.correlationId(), codes.toArray(new ResultCode[0]));
            server.flush();
        }
    }
}

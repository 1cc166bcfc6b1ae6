package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardIteratorDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader asks for, read with the generated decoders, and what it hands over. */
class PullReaderTest {
    private static final long SHARD = 5;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final ShardIterator END = StreamEgress.after(0, 0, 0);

    private final Harness harness = new Harness();
    private final List<String> read = new ArrayList<>();
    private FakeServer server;
    private Runnable onRecord = () -> {};

    private final ShardHandler handler = new ShardHandler() {
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
            read.add(shardId + "#" + sequenceNumber + " at " + arrivalTimeNs + " "
                    + buffer.getStringWithoutLengthUtf8(keyOffset, keyLength) + "="
                    + buffer.getStringWithoutLengthUtf8(dataOffset, dataLength));
            onRecord.run();
        }

        @Override
        public void onShardEnd(final long shardId, final List<ChildShard> children) {
            read.add("end of " + shardId + " "
                    + children.stream().map(ChildShard::shardId).toList());
        }

        @Override
        public void onReadRefused(
                final long shardId, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            read.add("refused " + shardId + " " + code + " " + limitId + " " + limit + " " + actual);
        }
    };

    @BeforeEach
    void connect() {
        harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private PullReader reader(final StreamPosition start) {
        return harness.client.streams().reader(SHARD, start, handler);
    }

    /** Answers a request for an iterator, which must be this one. */
    private void issue(final String expected, final ShardIterator iterator) {
        final FakeServer.Received request = harness.await(GetShardIteratorDecoder.TEMPLATE_ID);
        final GetShardIteratorDecoder query =
                new GetShardIteratorDecoder().wrapAndApplyHeader(request.frame(), 0, new MessageHeaderDecoder());
        assertEquals(expected, query.shardId() + " " + query.kind() + " " + query.position());
        StreamEgress.iterator(server, request.correlationId(), iterator);
        server.flush();
    }

    /** Takes a request for records, which must be this one. */
    private long asked(final String expected) {
        final FakeServer.Received request = harness.await(GetRecordsDecoder.TEMPLATE_ID);
        final GetRecordsDecoder get =
                new GetRecordsDecoder().wrapAndApplyHeader(request.frame(), 0, new MessageHeaderDecoder());
        final ShardIteratorDecoder iterator = get.iterator();
        assertEquals(
                expected,
                iterator.shardId() + " " + iterator.kind() + " " + iterator.position() + " issued "
                        + iterator.issuedTimeNs() + " " + get.maxRecords() + " " + get.maxBytes());
        assertEquals(0, request.producerSequence());
        return request.correlationId();
    }

    private void refuse(final long correlationId, final ResultCode code, final LimitId limitId, final long... values) {
        server.refused(
                correlationId,
                -1,
                code,
                limitId,
                values.length == 0 ? 0 : values[0],
                values.length == 0 ? 0 : values[1]);
        server.flush();
    }

    private List<String> read(final int count) {
        harness.until(count + " events of the reader", () -> read.size() >= count);
        final List<String> result = List.copyOf(read);
        read.clear();
        return result;
    }

    @Test
    void shouldReadToTheEndOfAShard() {
        final PullReader reader = reader(StreamPosition.HORIZON).maxRecords(7).maxBytes(8);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 3, 1));
        final long first = asked("5 AFTER_SEQUENCE_NUMBER 3 issued 1 7 8");
        StreamEgress.records(server, first, SHARD, 4, "a", "b");
        StreamEgress.records(server, first, SHARD, 6, "gr\u00fcn");
        StreamEgress.recordsEnd(server, first, StreamEgress.after(SHARD, 6, 2), 55, 3);
        server.flush();
        assertEquals(List.of("5#4 at 400 a=a", "5#5 at 500 b=b", "5#6 at 600 gr\u00fcn=gr\u00fcn"), read(3));
        final long second = asked("5 AFTER_SEQUENCE_NUMBER 6 issued 2 7 8");
        assertEquals("6 55", reader.lastSequenceNumber() + " " + reader.behindNs());

        StreamEgress.recordsEnd(server, second, END, 0, 0, 8, 9);
        server.flush();
        assertEquals(List.of("end of 5 [8, 9]"), read(1));
        harness.turn();
        assertTrue(reader.isEnded());
        assertEquals(List.of(), server.received);
    }

    @Test
    void shouldWaitWhereThereIsNothingToRead() {
        final PullReader reader = reader(StreamPosition.LATEST).pollIntervalNs(SECOND_NS);
        issue("5 LATEST 0", StreamEgress.after(SHARD, 3, 1));
        StreamEgress.recordsEnd(
                server,
                asked("5 AFTER_SEQUENCE_NUMBER 3 issued 1 1000 1048576"),
                StreamEgress.after(SHARD, 3, 2),
                0,
                0);
        server.flush();
        harness.until("the answer", () -> reader.behindNs() == 0);
        harness.turn();
        assertEquals(List.of(), server.received);
        harness.advance(SECOND_NS);
        final long next = asked("5 AFTER_SEQUENCE_NUMBER 3 issued 2 1000 1048576");

        reader.pause(true);
        StreamEgress.records(server, next, SHARD, 4, "a");
        StreamEgress.recordsEnd(server, next, StreamEgress.after(SHARD, 4, 3), 7, 1);
        server.flush();
        assertEquals(List.of("5#4 at 400 a=a"), read(1));
        harness.turn();
        assertEquals(List.of(), server.received);
        reader.pause(false);
        asked("5 AFTER_SEQUENCE_NUMBER 4 issued 3 1000 1048576");
    }

    @Test
    void shouldRenewAnExpiredIterator() {
        reader(StreamPosition.atTime(77));
        issue(
                "5 AT_TIMESTAMP 77",
                new ShardIterator(SHARD, StreamPosition.atTime(77).kind(), 77, 1));
        refuse(
                asked("5 AT_TIMESTAMP 77 issued 1 1000 1048576"),
                ResultCode.EXPIRED_ITERATOR,
                LimitId.ITERATOR_AGE,
                1,
                2);
        issue(
                "5 AT_TIMESTAMP 77",
                new ShardIterator(SHARD, StreamPosition.atTime(77).kind(), 77, 9));
        final long get = asked("5 AT_TIMESTAMP 77 issued 9 1000 1048576");
        StreamEgress.records(server, get, SHARD, 4, "a");
        StreamEgress.recordsEnd(server, get, StreamEgress.after(SHARD, 4, 10), 7, 1);
        server.flush();
        refuse(
                asked("5 AFTER_SEQUENCE_NUMBER 4 issued 10 1000 1048576"),
                ResultCode.EXPIRED_ITERATOR,
                LimitId.ITERATOR_AGE,
                1,
                2);
        issue("5 AFTER_SEQUENCE_NUMBER 4", StreamEgress.after(SHARD, 4, 11));
        asked("5 AFTER_SEQUENCE_NUMBER 4 issued 11 1000 1048576");
    }

    @Test
    void shouldHavePatienceAndKeepToLimits() {
        final PullReader reader = reader(StreamPosition.after(3));
        final String rest = "5 AFTER_SEQUENCE_NUMBER 3 issued 1 ";
        refuse(
                harness.await(GetShardIteratorDecoder.TEMPLATE_ID).correlationId(),
                ResultCode.RESOURCE_IN_USE,
                LimitId.NONE);
        harness.turn();
        assertEquals(List.of(), server.received);
        harness.advance(SECOND_NS);
        issue("5 AFTER_SEQUENCE_NUMBER 3", StreamEgress.after(SHARD, 3, 1));
        refuse(asked(rest + "1000 1048576"), ResultCode.LIMIT_EXCEEDED, LimitId.READ_RECORDS, 10, 1000);
        refuse(asked(rest + "10 1048576"), ResultCode.LIMIT_EXCEEDED, LimitId.READ_BYTES, 20, 1048576);
        refuse(asked(rest + "10 20"), ResultCode.LIMIT_EXCEEDED, LimitId.SHARD_READ_BYTES, 100, 300);
        harness.turn();
        assertEquals(List.of(), server.received);
        harness.advance(2 * SECOND_NS - SECOND_NS / 2);
        harness.turn();
        assertEquals(0, server.take(GetRecordsDecoder.TEMPLATE_ID).size());
        harness.advance(SECOND_NS);
        harness.advance(SECOND_NS);
        refuse(asked(rest + "10 20"), ResultCode.LIMIT_EXCEEDED, LimitId.SHARD_READS, 5, 6);
        harness.turn();
        assertEquals(0, server.take(GetRecordsDecoder.TEMPLATE_ID).size());
        harness.advance(SECOND_NS);
        refuse(asked(rest + "10 20"), ResultCode.UNKNOWN_SHARD, LimitId.NONE);
        assertEquals(List.of("refused 5 UNKNOWN_SHARD NONE 0 0"), read(1));
        assertTrue(reader.isEnded());
    }

    @Test
    void shouldGoOnBehindTheLastRecordAfterAReconnect() {
        reader(StreamPosition.HORIZON);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 3, 1));
        final long get = asked("5 AFTER_SEQUENCE_NUMBER 3 issued 1 1000 1048576");
        StreamEgress.records(server, get, SHARD, 4, "a");
        server.flush();
        read(1);
        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        harness.until("a new session", harness.client::isConnected);
        issue("5 AFTER_SEQUENCE_NUMBER 4", StreamEgress.after(SHARD, 4, 2));
        asked("5 AFTER_SEQUENCE_NUMBER 4 issued 2 1000 1048576");
    }

    @Test
    void shouldHandOverNothingOnceItIsClosedAndSurviveAFault() {
        final PullReader reader = reader(StreamPosition.HORIZON);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 3, 1));
        final long get = asked("5 AFTER_SEQUENCE_NUMBER 3 issued 1 1000 1048576");
        onRecord = () -> {
            if (reader.lastSequenceNumber() == 5) {
                reader.close();
            }
            throw new IllegalStateException("a fault of the application");
        };
        StreamEgress.records(server, get, SHARD, 4, "a", "b", "c");
        StreamEgress.recordsEnd(server, get, StreamEgress.after(SHARD, 6, 2), 0, 3);
        server.flush();
        read(2);
        harness.turn();
        assertEquals(List.of(), read);
        assertEquals(List.of(), server.received);
        assertEquals(2, harness.errors.size());
        harness.errors.clear();
    }

    @Test
    void shouldTakeTheAnswerThatComesWhenItIsClosed() {
        final PullReader reader = reader(StreamPosition.HORIZON);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 3, 1));
        final long get = asked("5 AFTER_SEQUENCE_NUMBER 3 issued 1 1000 1048576");
        harness.recorder.take();
        reader.close();
        harness.turn();
        refuse(get, ResultCode.LIMIT_EXCEEDED, LimitId.SHARD_READS, 5, 6);
        harness.turn();
        assertEquals(List.of(), read);
        assertEquals(List.of(), harness.recorder.events);
        assertTrue(reader.isEnded());
    }

    @Test
    void shouldPutRecordsTogetherThatComeInParts() {
        reader(StreamPosition.HORIZON);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 0, 1));
        final long read = asked("5 AFTER_SEQUENCE_NUMBER 0 issued 1 1000 1048576");
        StreamEgress.records(server, read, SHARD, 1, "a");
        StreamEgress.recordBegin(server, read, SHARD, 2, "key", 10);
        StreamEgress.recordChunk(server, read, 0, "0123");
        StreamEgress.recordChunk(server, read, 4, "456789");
        // This one has left the reach of everybody before it was whole.
        StreamEgress.recordBegin(server, read, SHARD, 3, "gone", 10);
        StreamEgress.recordChunk(server, read, 0, "0123");
        StreamEgress.recordBegin(server, read, SHARD, 4, "k", 3);
        StreamEgress.recordChunk(server, read, 0, "abc");
        StreamEgress.recordsEnd(server, read, END, 0, 3);
        server.flush();
        harness.until("the records", () -> this.read.size() == 4);

        assertEquals(
                List.of("5#1 at 100 a=a", "5#2 at 200 key=0123456789", "5#4 at 400 k=abc", "end of 5 []"), this.read);
    }

    @Test
    void shouldBeginAgainWithARecordThatWasNotWholeWhenTheConnectionWasLost() {
        reader(StreamPosition.HORIZON);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 0, 1));
        final long first = asked("5 AFTER_SEQUENCE_NUMBER 0 issued 1 1000 1048576");
        StreamEgress.records(server, first, SHARD, 1, "a");
        StreamEgress.recordBegin(server, first, SHARD, 2, "key", 6);
        StreamEgress.recordChunk(server, first, 0, "012");
        server.flush();
        harness.until("the first record", () -> read.size() == 1);
        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        issue("5 AFTER_SEQUENCE_NUMBER 1", StreamEgress.after(SHARD, 1, 2));
        final long again = asked("5 AFTER_SEQUENCE_NUMBER 1 issued 2 1000 1048576");
        StreamEgress.recordBegin(server, again, SHARD, 2, "key", 6);
        StreamEgress.recordChunk(server, again, 0, "012345");
        server.flush();
        harness.until("the second record", () -> read.size() == 2);

        assertEquals(List.of("5#1 at 100 a=a", "5#2 at 200 key=012345"), read);
    }

    @Test
    void shouldEndWithARecordThatIsTooLarge() {
        final PullReader reader = reader(StreamPosition.HORIZON).maxRecordBytes(10);
        issue("5 TRIM_HORIZON 0", StreamEgress.after(SHARD, 0, 1));
        final long first = asked("5 AFTER_SEQUENCE_NUMBER 0 issued 1 1000 1048576");
        StreamEgress.recordBegin(server, first, SHARD, 1, "key", 7);
        StreamEgress.recordChunk(server, first, 0, "0123456");
        StreamEgress.recordBegin(server, first, SHARD, 2, "key", 8);
        StreamEgress.recordChunk(server, first, 0, "01234567");
        StreamEgress.recordsEnd(server, first, END, 0, 2);
        server.flush();
        harness.until("the end", reader::isEnded);

        assertEquals(List.of("5#1 at 100 key=0123456", "refused 5 LIMIT_EXCEEDED RECORD_BYTES 10 11"), read);
    }
}

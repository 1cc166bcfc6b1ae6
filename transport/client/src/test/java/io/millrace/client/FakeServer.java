package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.ConsumerStoppedEncoder;
import io.millrace.codecs.DeliveryBeginEncoder;
import io.millrace.codecs.DeliveryChunkEncoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.EntryResultsEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.ProducerOpenedEncoder;
import io.millrace.codecs.QueueDescriptionEncoder;
import io.millrace.codecs.QueueListEncoder;
import io.millrace.codecs.ReceiveEndEncoder;
import io.millrace.codecs.RefusedEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionConnectDecoder;
import io.millrace.codecs.SessionEventEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Speaks the server's side of the protocol as a test tells it to. It opens sessions and producers by itself; every other
 * request is kept, and answered only by the test. What the test says goes out together with {@link #flush}.
 */
final class FakeServer implements AutoCloseable {
    static final long SESSION_TIMEOUT_NS = 8_000_000_000L;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
    private final ExpandableArrayBuffer out = new ExpandableArrayBuffer();
    private final io.aeron.FragmentAssembler assembler;
    private final Aeron aeron;
    private final Runnable crank;
    private final Subscription ingress;
    private ExclusivePublication egress;
    private boolean isAnswered = true;
    private int outLength;

    final List<Received> received = new ArrayList<>();
    final List<String> connects = new ArrayList<>();
    int frameSequence;
    long sessionId = 1000;
    long bootEpoch = 1;
    long producerId = 77;
    int producerEpoch;
    long lastSequence;
    int maxFrameBytes = 64 * 1024;
    int maxMessageBytes = 1024 * 1024;
    boolean isRecording = true;
    boolean opensProducers = true;
    ResultCode sessionCode = ResultCode.OK;
    FragmentHandler ingressHandler = (buffer, offset, length, aeronHeader) -> onFrame(buffer, offset, length);

    FakeServer(final Aeron aeron, final Runnable crank, final String channel) {
        this.aeron = aeron;
        this.crank = crank;
        this.ingress = aeron.addSubscription(channel, 1001);
        this.assembler = new io.aeron.FragmentAssembler((buffer, offset, length, aeronHeader) ->
                ingressHandler.onFragment(buffer, offset, length, aeronHeader));
    }

    /** One request: its frame and who sent it. */
    record Received(int templateId, UnsafeBuffer frame, int length) {
        long at(final int offset) {
            return frame.getLong(offset, Wire.ORDER);
        }

        long correlationId() {
            return at(Wire.CORRELATION_ID_OFFSET);
        }

        long producerSequence() {
            return at(Wire.PRODUCER_SEQUENCE_OFFSET);
        }

        int producerEpoch() {
            return frame.getInt(Wire.PRODUCER_EPOCH_OFFSET, Wire.ORDER);
        }

        long sessionId() {
            return at(Wire.SESSION_ID_OFFSET);
        }
    }

    int doWork() {
        if (egress != null && !isAnswered && egress.isConnected()) {
            isAnswered = true;
            sessionEvent(sessionCode);
            flush();
        }
        return ingress.poll(assembler, 64);
    }

    Subscription ingress() {
        return ingress;
    }

    ExclusivePublication egress() {
        return egress;
    }

    List<Received> take(final int templateId) {
        final List<Received> result = new ArrayList<>();
        received.removeIf(one -> one.templateId == templateId && result.add(one));
        return result;
    }

    void onFrame(final DirectBuffer buffer, final int offset, final int length) {
        final MessageHeaderDecoder decoder = new MessageHeaderDecoder().wrap(buffer, offset);
        if (decoder.messageLength() != length
                || decoder.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || decoder.frameSequence() != 0) {
            throw new AssertionError("A frame of " + length + " bytes has the header " + decoder);
        }
        if (decoder.templateId() == SessionConnectDecoder.TEMPLATE_ID) {
            onConnect(buffer, offset);
        } else if (decoder.templateId() == OpenProducerDecoder.TEMPLATE_ID && opensProducers) {
            onOpenProducer(buffer, offset);
        } else if (isRecording) {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            received.add(new Received(decoder.templateId(), copy, length));
        }
    }

    private void onConnect(final DirectBuffer buffer, final int offset) {
        final SessionConnectDecoder connect =
                new SessionConnectDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        final int streamId = connect.responseStreamId();
        final String channel = connect.responseChannel();
        final String name = connect.clientName();
        final byte[] credentials = new byte[connect.credentialsLength()];
        connect.getCredentials(credentials, 0, credentials.length);
        connects.add(channel + "|" + name + "|" + new String(credentials, StandardCharsets.UTF_8));
        disconnect();
        egress = aeron.addExclusivePublication(channel + "|term-length=1m", streamId);
        isAnswered = false;
        frameSequence = 0;
        sessionId++;
    }

    private void onOpenProducer(final DirectBuffer buffer, final int offset) {
        final OpenProducerDecoder request =
                new OpenProducerDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        final long asked = request.command().producerId();
        if (asked == 0) {
            producerId++;
            lastSequence = 0;
        } else if (asked != producerId) {
            refused(request.command().correlationId(), ResultCode.PRODUCER_UNKNOWN);
            flush();
            return;
        }
        producerOpened(request.command().correlationId(), producerId, ++producerEpoch, lastSequence);
        flush();
    }

    /** Ends the session as a dying server does: without a word. */
    void disconnect() {
        if (egress != null) {
            egress.close();
            egress = null;
        }
    }

    private FakeServer append(final ToIntFunction<ExpandableArrayBuffer> encoder) {
        final int length = Wire.HEADER_LENGTH + encoder.applyAsInt(message);
        header.wrap(message, 0).messageLength(length).frameSequence(Integer.toUnsignedLong(++frameSequence));
        out.putBytes(outLength, message, 0, length);
        outLength += BitUtil.align(length, Wire.ALIGNMENT);
        return this;
    }

    /** Adds bytes as they are. */
    FakeServer raw(final byte[] bytes) {
        out.putBytes(outLength, bytes);
        outLength += bytes.length;
        return this;
    }

    /** Sends all that was said since the last flush as one Aeron message. */
    void flush() {
        final long deadline = System.nanoTime() + 5_000_000_000L;
        while (egress.offer(out, 0, outLength) < 0) {
            crank.run();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The client does not take " + outLength + " bytes of egress.");
            }
        }
        outLength = 0;
    }

    FakeServer sessionEvent(final ResultCode code) {
        return append(buffer -> new SessionEventEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(1)
                .sessionId(code == ResultCode.OK ? sessionId : 0)
                .bootEpoch(bootEpoch)
                .sessionTimeoutNs(SESSION_TIMEOUT_NS)
                .limitValue(4096)
                .actualValue(4097)
                .maxFrameBytes(maxFrameBytes)
                .maxMessageBytes(maxMessageBytes)
                .code(code)
                .limitId(LimitId.SESSIONS)
                .encodedLength());
    }

    FakeServer confirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        return append(buffer -> new ConfirmedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .fromCorrelationId(from)
                .toCorrelationId(to)
                .firstValue(firstValue)
                .valuesPerCommand(valuesPerCommand)
                .reserved(0)
                .encodedLength());
    }

    FakeServer confirmed(final long correlationId) {
        return confirmed(correlationId, correlationId, 0, 0);
    }

    FakeServer refused(final long correlationId, final ResultCode code) {
        return refused(correlationId, -1, code, LimitId.NONE, 0, 0);
    }

    FakeServer refused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        return append(buffer -> new RefusedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .limitValue(limit)
                .actualValue(actual)
                .entryIndex(entryIndex)
                .code(code)
                .limitId(limitId)
                .encodedLength());
    }

    FakeServer entryResults(final long correlationId, final ResultCode code, final int... entries) {
        return append(buffer -> {
            final EntryResultsEncoder encoder = new EntryResultsEncoder().wrapAndApplyHeader(buffer, 0, header);
            final EntryResultsEncoder.ResultsEncoder results =
                    encoder.correlationId(correlationId).resultsCount(entries.length);
            for (final int entry : entries) {
                results.next()
                        .limitValue(5)
                        .actualValue(6)
                        .entryIndex(entry)
                        .code(code)
                        .limitId(LimitId.NONE);
            }
            return encoder.encodedLength();
        });
    }

    FakeServer receiveEnd(final long correlationId, final long queueId, final int count) {
        return append(buffer -> new ReceiveEndEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .messageCount(count)
                .code(ResultCode.OK)
                .encodedLength());
    }

    FakeServer producerOpened(final long correlationId, final long id, final int epoch, final long sequence) {
        return append(buffer -> new ProducerOpenedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .producerId(id)
                .lastSequence(sequence)
                .producerEpoch(epoch)
                .encodedLength());
    }

    FakeServer consumerStopped(final long correlationId, final long queueId) {
        return append(buffer -> new ConsumerStoppedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .code(ResultCode.QUEUE_DELETED)
                .encodedLength());
    }

    FakeServer description(final long correlationId, final long queueId, final String name) {
        return append(buffer -> new QueueDescriptionEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .createdTimeNs(1)
                .visibilityTimeoutNs(2)
                .delayNs(3)
                .receiveWaitNs(4)
                .availableCount(5)
                .delayedCount(6)
                .inFlightCount(7)
                .maxMessageBytes(8)
                .name(name)
                .encodedLength());
    }

    FakeServer list(final long correlationId, final long nextAfter, final String... names) {
        return append(buffer -> {
            final QueueListEncoder encoder = new QueueListEncoder().wrapAndApplyHeader(buffer, 0, header);
            final QueueListEncoder.QueuesEncoder queues = encoder.correlationId(correlationId)
                    .nextAfterQueueId(nextAfter)
                    .queuesCount(names.length);
            for (int i = 0; i < names.length; i++) {
                queues.next().queueId(nextAfter + i).name(names[i]);
            }
            return encoder.encodedLength();
        });
    }

    /** A delivery whose fields all follow from the sequence number, without attributes. */
    FakeServer delivery(final long correlationId, final long queueId, final long sequence, final byte[] body) {
        return append(buffer -> {
            final DeliveryEncoder encoder = new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .queueId(queueId)
                    .messageId(1000 + sequence)
                    .sequenceNumber(sequence)
                    .sentTimeNs(2000 + sequence)
                    .firstReceivedTimeNs(3000 + sequence)
                    .receiveCount(1);
            encoder.receipt()
                    .slot(sequence)
                    .generation(1)
                    .deliveryNumber(1)
                    .reserved(0)
                    .tag(4000 + sequence);
            encoder.flags().clear().pushed(true);
            encoder.attributesCount(0);
            encoder.putBody(body, 0, body.length);
            return encoder.encodedLength();
        });
    }

    FakeServer delivery(final ToIntFunction<ExpandableArrayBuffer> encoder) {
        return append(encoder);
    }

    MessageHeaderEncoder header() {
        return header;
    }

    FakeServer deliveryBegin(final long correlationId, final long queueId, final long sequence, final int length) {
        return append(buffer -> {
            final DeliveryBeginEncoder encoder = new DeliveryBeginEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .queueId(queueId)
                    .messageId(1000 + sequence)
                    .sequenceNumber(sequence)
                    .sentTimeNs(2000 + sequence)
                    .firstReceivedTimeNs(3000 + sequence)
                    .receiveCount(2)
                    .payloadLength(length);
            encoder.receipt()
                    .slot(sequence)
                    .generation(1)
                    .deliveryNumber(2)
                    .reserved(0)
                    .tag(4000 + sequence);
            encoder.flags().clear().redelivered(true);
            return encoder.encodedLength();
        });
    }

    FakeServer deliveryChunk(final int payloadOffset, final byte[] payload, final int from, final int length) {
        return append(buffer -> new DeliveryChunkEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .payloadOffset(payloadOffset)
                .putChunk(payload, from, length)
                .encodedLength());
    }

    @Override
    public void close() {
        disconnect();
        ingress.close();
    }
}

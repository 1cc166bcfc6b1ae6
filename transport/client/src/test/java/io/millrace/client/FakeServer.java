package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionConnectDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Speaks the server's side of the protocol as a test tells it to. It opens sessions and producers by itself; every other
 * request is kept, and answered only by the test. What the test says goes out together with {@link #flush}.
 */
final class FakeServer extends EgressEncoder implements AutoCloseable {
    static final long SESSION_TIMEOUT_NS = 8_000_000_000L;

    private final FragmentAssembler assembler;
    private final Aeron aeron;
    private final Runnable crank;
    private final Subscription ingress;
    private ExclusivePublication egress;
    private boolean isAnswered = true;

    final List<Received> received = new ArrayList<>();
    final List<String> connects = new ArrayList<>();
    long producerId = 77;
    int producerEpoch;
    long producerNonce;
    long lastSequence;
    boolean isRecording = true;
    Runnable afterProducerOpened = () -> {};
    boolean opensProducers = true;
    boolean isReading = true;
    ResultCode sessionCode = ResultCode.OK;
    FragmentHandler ingressHandler = (buffer, offset, length, aeronHeader) -> onFrame(buffer, offset, length);

    FakeServer(final Aeron aeron, final Runnable crank, final String channel) {
        this.aeron = aeron;
        this.crank = crank;
        this.ingress = aeron.addSubscription(channel, 1001);
        this.assembler = new FragmentAssembler((buffer, offset, length, aeronHeader) ->
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
        return isReading ? ingress.poll(assembler, 64) : 0;
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
        } else if (isRecording && isOfThisSession(buffer, offset)) {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            received.add(new Received(decoder.templateId(), copy, length));
        }
    }

    /** What is still on the way when a session ends comes from nobody any more. */
    private boolean isOfThisSession(final DirectBuffer buffer, final int offset) {
        return egress != null && buffer.getLong(offset + Wire.SESSION_ID_OFFSET, Wire.ORDER) == sessionId;
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
        if (request.nonce() != producerNonce) {
            producerNonce = request.nonce();
            producerEpoch++;
        }
        producerOpened(request.command().correlationId(), producerId, producerEpoch, lastSequence);
        afterProducerOpened.run();
        flush();
    }

    /** Ends the session as a dying server does: without a word. */
    void disconnect() {
        if (egress != null) {
            egress.close();
            egress = null;
        }
    }

    @Override
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

    @Override
    public void close() {
        disconnect();
        ingress.close();
    }
}

package io.millrace.client;

import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import java.util.Arrays;

/**
 * A message that a client sent in parts, put together and checked as a server would.
 */
record LargePayload(long correlationId, long producerSequence, long queueId, long delayNs, byte[] payload) {
    static LargePayload await(final Harness harness) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final BeginPayloadDecoder begin = new BeginPayloadDecoder()
                .wrapAndApplyHeader(
                        harness.await(BeginPayloadDecoder.TEMPLATE_ID).frame(), 0, header);
        final CommitPayloadDecoder commit = new CommitPayloadDecoder()
                .wrapAndApplyHeader(
                        harness.await(CommitPayloadDecoder.TEMPLATE_ID).frame(), 0, header);
        check(begin.scheduledTimeNs() == BeginPayloadDecoder.scheduledTimeNsNullValue(), "a time to be delivered at");
        check(begin.timeToLiveNs() == BeginPayloadDecoder.timeToLiveNsNullValue(), "a time to live");
        check(begin.priority() == 0, "a priority");
        check(begin.flags().isEmpty(), "flags");
        final byte[] payload = new byte[(int) begin.payloadLength()];
        int filled = 0;
        for (final FakeServer.Received received : harness.server.take(AppendPayloadDecoder.TEMPLATE_ID)) {
            final AppendPayloadDecoder append =
                    new AppendPayloadDecoder().wrapAndApplyHeader(received.frame(), 0, header);
            check(append.payloadOffset() == filled, "a chunk starts at " + append.payloadOffset());
            check(append.command().correlationId() == begin.command().correlationId(), "another correlation id");
            check(append.command().producerId() == 0, "a producer in a chunk");
            check(received.length() <= harness.server.maxFrameBytes, "a frame of " + received.length());
            filled += append.getChunk(payload, filled, append.chunkLength());
        }
        check(commit.command().sessionId() == begin.command().sessionId(), "another session");
        check(commit.command().correlationId() == begin.command().correlationId(), "another correlation id");
        check(commit.command().producerId() == begin.command().producerId(), "another producer");
        check(commit.command().producerSequence() == begin.command().producerSequence(), "another sequence");
        check(commit.command().producerEpoch() == begin.command().producerEpoch(), "another epoch");
        return new LargePayload(
                begin.command().correlationId(),
                begin.command().producerSequence(),
                begin.queueId(),
                begin.delayNs(),
                payload);
    }

    byte[] body() {
        return Arrays.copyOfRange(payload, Wire.PAYLOAD_BODY_OFFSET, payload.length - Wire.NO_IDS_LENGTH);
    }

    private static void check(final boolean isRight, final String otherwise) {
        if (!isRight) {
            throw new AssertionError("A large payload came with " + otherwise);
        }
    }
}

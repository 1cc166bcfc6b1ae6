package io.millrace.perf.bench;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A kernel without a server around it, with one session, and the means to write the frames of its commands. */
final class BareKernel {
    private static final long SESSION = 1;
    private static final long START_NS = 1_700_000_000_000_000_000L;

    /** Time that passes with each command. */
    private static final long COMMAND_NS = 1_000;

    private final ScaleAnswers answers = new ScaleAnswers();
    private final Kernel kernel = new Kernel(answers);
    private final UnsafeBuffer room = new UnsafeBuffer(new byte[4_096]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private long nowNs = START_NS;

    BareKernel() {
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.configure(nowNs, Limits.nativeProfile());
        kernel.boot(nowNs, 1);
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
    }

    ScaleAnswers answers() {
        return answers;
    }

    /** {@return accounted bytes of all payloads} */
    long arenaBytes() {
        return kernel.arenaBytes();
    }

    /** {@return bytes that the kernel has reserved outside the heap} */
    long reservedBytes() {
        return kernel.memory().reservedBytes();
    }

    /** {@return where the next frame is written} */
    MutableDirectBuffer room() {
        return room;
    }

    /** {@return the header that is written in front of it} */
    MessageHeaderEncoder header() {
        return header;
    }

    /** Writes the header that all commands have. */
    static void command(final CommandHeaderEncoder command) {
        command.sessionId(SESSION)
                .correlationId(1)
                .producerId(0)
                .producerSequence(0)
                .producerEpoch(0)
                .reserved(0);
    }

    /** {@return a copy of the frame just written, to be applied as often as wanted} */
    UnsafeBuffer frame(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.wrap(room, 0).messageLength(length).frameSequence(0);
        return new UnsafeBuffer(Arrays.copyOf(room.byteArray(), length));
    }

    void apply(final UnsafeBuffer frame) {
        nowNs += COMMAND_NS;
        kernel.apply(nowNs, SESSION, frame, 0, frame.capacity());
    }

    /** {@return id of what a command has just made} */
    long create(final int encodedLength) {
        apply(frame(encodedLength));
        return answers.confirmedValue();
    }

    /** {@return id of a new queue with the default settings} */
    long createQueue(final String name) {
        final CreateQueueEncoder encoder = new CreateQueueEncoder().wrapAndApplyHeader(room, 0, header);
        command(encoder.command());
        defaults(encoder.settings());
        encoder.redriveSourcesCount(0);
        encoder.name(name);
        return create(encoder.encodedLength());
    }

    private static void defaults(final QueueSettingsEncoder settings) {
        settings.visibilityTimeoutNs(QueueSettingsEncoder.visibilityTimeoutNsNullValue())
                .delayNs(QueueSettingsEncoder.delayNsNullValue())
                .receiveWaitNs(QueueSettingsEncoder.receiveWaitNsNullValue())
                .retentionNs(QueueSettingsEncoder.retentionNsNullValue())
                .deadLetterQueueId(QueueSettingsEncoder.deadLetterQueueIdNullValue())
                .backoffDelayNs(QueueSettingsEncoder.backoffDelayNsNullValue())
                .backoffMaxNs(QueueSettingsEncoder.backoffMaxNsNullValue())
                .highDepth(QueueSettingsEncoder.highDepthNullValue())
                .lowDepth(QueueSettingsEncoder.lowDepthNullValue())
                .highAgeNs(QueueSettingsEncoder.highAgeNsNullValue())
                .lowAgeNs(QueueSettingsEncoder.lowAgeNsNullValue())
                .maxMessageBytes(QueueSettingsEncoder.maxMessageBytesNullValue())
                .maxReceiveCount(QueueSettingsEncoder.maxReceiveCountNullValue())
                .queueType(QueueType.NULL_VAL)
                .contentDeduplication(Switch.NULL_VAL)
                .deduplicationScope(QueueScope.NULL_VAL)
                .throughputScope(QueueScope.NULL_VAL)
                .redrivePermission(RedrivePermission.NULL_VAL)
                .backoff(Backoff.NULL_VAL)
                .priorities(QueueSettingsEncoder.prioritiesNullValue())
                .reserved((short) 0);
    }
}

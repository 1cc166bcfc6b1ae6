package io.millrace.kernel;

import io.millrace.codecs.BootDecoder;
import io.millrace.codecs.ClockDecoder;
import io.millrace.codecs.ConfigureDecoder;
import io.millrace.codecs.GenesisDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.RecordsReadDecoder;
import io.millrace.codecs.ReplayFailedDecoder;
import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.ReplayPartDecoder;
import io.millrace.codecs.SessionClosedDecoder;
import io.millrace.codecs.SessionOpenedDecoder;
import io.millrace.codecs.ShardsReadyDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Feeds records of the log to a kernel: the only way in, for a live record as for a replayed one.
 *
 * <p>A record of an unknown template ends the dispatch with an exception: to skip it would be divergence.
 */
public final class LogDispatcher {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    /** The template ids below are those of commands: the sessions' own frames are never in the log. */
    private static final int FIRST_QUERY = 200;

    private final Kernel kernel;
    private final SessionOpenedDecoder sessionOpened = new SessionOpenedDecoder();
    private final SessionClosedDecoder sessionClosed = new SessionClosedDecoder();
    private final GenesisDecoder genesis = new GenesisDecoder();
    private final ConfigureDecoder configure = new ConfigureDecoder();
    private final BootDecoder boot = new BootDecoder();
    private final ShardsReadyDecoder shardsReady = new ShardsReadyDecoder();
    private final RecordsReadDecoder recordsRead = new RecordsReadDecoder();

    /**
     * A dispatcher.
     *
     * @param kernel that takes the records.
     */
    public LogDispatcher(final Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Applies one record.
     *
     * @param timeNs time of the record.
     * @param sessionId that a command came from, 0 for the host's own records.
     * @param buffer that holds the SBE message.
     * @param offset of the message.
     * @param length of the message in bytes.
     * @throws IllegalStateException if no record has this template.
     */
    public void onRecord(
            final long timeNs, final long sessionId, final DirectBuffer buffer, final int offset, final int length) {
        final int templateId = templateId(buffer, offset);
        if (templateId < FIRST_QUERY) {
            kernel.apply(timeNs, sessionId, buffer, offset, length);
        } else {
            onHostRecord(templateId, timeNs, buffer, offset + HEADER_LENGTH);
        }
    }

    static int templateId(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                & 0xFFFF;
    }

    private void onHostRecord(final int templateId, final long timeNs, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case ClockDecoder.TEMPLATE_ID -> kernel.onClock(timeNs);
            case SessionOpenedDecoder.TEMPLATE_ID -> {
                sessionOpened.wrap(
                        buffer, body, SessionOpenedDecoder.BLOCK_LENGTH, SessionOpenedDecoder.SCHEMA_VERSION);
                final int length = sessionOpened.principalLength();
                kernel.openSession(
                        timeNs, sessionOpened.sessionId(), buffer, sessionOpened.limit() + TEXT_LENGTH_SIZE, length);
            }
            case SessionClosedDecoder.TEMPLATE_ID -> {
                sessionClosed.wrap(
                        buffer, body, SessionClosedDecoder.BLOCK_LENGTH, SessionClosedDecoder.SCHEMA_VERSION);
                kernel.closeSession(timeNs, sessionClosed.sessionId(), sessionClosed.reason());
            }
            case GenesisDecoder.TEMPLATE_ID -> {
                genesis.wrap(buffer, body, GenesisDecoder.BLOCK_LENGTH, GenesisDecoder.SCHEMA_VERSION);
                kernel.genesis(timeNs, genesis.secret0(), genesis.secret1(), genesis.directoryId());
            }
            case ConfigureDecoder.TEMPLATE_ID -> kernel.configure(timeNs, limits(buffer, body));
            case BootDecoder.TEMPLATE_ID -> {
                boot.wrap(buffer, body, BootDecoder.BLOCK_LENGTH, BootDecoder.SCHEMA_VERSION);
                kernel.boot(timeNs, boot.bootEpoch());
            }
            case ShardsReadyDecoder.TEMPLATE_ID -> {
                shardsReady.wrap(buffer, body, ShardsReadyDecoder.BLOCK_LENGTH, ShardsReadyDecoder.SCHEMA_VERSION);
                kernel.shardsReady(timeNs, shardsReady.streamId(), shardsReady.lastShardId());
            }
            case RecordsReadDecoder.TEMPLATE_ID -> {
                recordsRead.wrap(buffer, body, RecordsReadDecoder.BLOCK_LENGTH, RecordsReadDecoder.SCHEMA_VERSION);
                kernel.recordsRead(timeNs, recordsRead.shardId(), recordsRead.readBytes());
            }
            case ReplayMessagesDecoder.TEMPLATE_ID, ReplayPartDecoder.TEMPLATE_ID, ReplayFailedDecoder.TEMPLATE_ID ->
                kernel.replay(timeNs, templateId, buffer, body);
            default -> throw new IllegalStateException("no record of the log has the template id " + templateId);
        }
    }

    private Limits limits(final DirectBuffer buffer, final int body) {
        configure.wrap(buffer, body, ConfigureDecoder.BLOCK_LENGTH, ConfigureDecoder.SCHEMA_VERSION);
        Limits limits = new Limits(configure.profile(), new long[Limits.COUNT]);
        for (final ConfigureDecoder.LimitsDecoder limit : configure.limits()) {
            if (limit.limitId() != LimitId.NONE) {
                limits = limits.with(limit.limitId(), limit.value());
            }
        }
        return limits;
    }
}

package io.millrace.store;

import io.millrace.codecs.BootDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which records of which start count: each start's boot record says after which position it resumed, so that of every earlier
 * start only what lies at or below that position counts. The mark stands in for the boot record of a start that ended before
 * it wrote one.
 */
final class BootChain {
    static final long NONE = Long.MIN_VALUE;

    private final Map<Long, Long> resumesAfter = new HashMap<>();

    /** Reads the first excerpt of every start. */
    static BootChain read(
            final SegmentReader reader,
            final Path dataDirectory,
            final List<Long> epochs,
            final Optional<SyncedMark.Contents> mark)
            throws IOException {
        final BootChain chain = new BootChain();
        for (final long epoch : epochs) {
            final List<Path> segments = JournalLayout.segments(dataDirectory, epoch);
            if (!segments.isEmpty()) {
                reader.open(segments.get(0));
                if (reader.next() && reader.batch().bootEpoch() == epoch) {
                    chain.note(epoch, reader.batch());
                }
            }
        }
        mark.ifPresent(contents -> chain.resumesAfter.putIfAbsent(contents.bootEpoch(), contents.resumesAfter()));
        return chain;
    }

    private void note(final long epoch, final BatchReader batch) {
        final long position = bootResumesAfter(batch, epoch);
        if (position != NONE && position == batch.firstPosition() - 1) {
            resumesAfter.put(epoch, position);
        }
    }

    /** What the boot record of an excerpt says, {@link #NONE} if it holds no boot record of the epoch. */
    static long bootResumesAfter(final BatchReader batch, final long epoch) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final BootDecoder boot = new BootDecoder();
        batch.rewind();
        while (batch.next()) {
            if (batch.frameLength() >= MessageHeaderDecoder.ENCODED_LENGTH + BootDecoder.BLOCK_LENGTH
                    && batch.sessionId() == 0
                    && header.wrap(batch.buffer(), batch.frameOffset()).templateId() == BootDecoder.TEMPLATE_ID) {
                boot.wrapAndApplyHeader(batch.buffer(), batch.frameOffset(), header);
                final long position = boot.bootEpoch() == epoch ? boot.resumesAfter() : NONE;
                batch.rewind();
                return position;
            }
        }
        batch.rewind();
        return NONE;
    }

    boolean hasBoot(final long epoch) {
        return resumesAfter.containsKey(epoch);
    }

    /** Position after which a start resumed. */
    long resumesAfter(final long epoch) {
        return resumesAfter.get(epoch);
    }

    /** Last position of a start that can count: the least that any later start resumed after. */
    long limit(final long epoch) {
        long limit = Long.MAX_VALUE;
        for (final Map.Entry<Long, Long> entry : resumesAfter.entrySet()) {
            if (entry.getKey() > epoch) {
                limit = Math.min(limit, entry.getValue());
            }
        }
        return limit;
    }

    /** Whether anything of a start can count: not if a later one resumed before it. */
    boolean counts(final long epoch) {
        return !hasBoot(epoch) || resumesAfter(epoch) <= limit(epoch);
    }
}

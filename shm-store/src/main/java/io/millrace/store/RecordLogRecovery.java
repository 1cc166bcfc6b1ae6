package io.millrace.store;

import io.millrace.codecs.LogRecordDecoder;
import io.millrace.codecs.RecordExcerptDecoder;
import io.millrace.store.reader.ExcerptWalker;
import io.millrace.store.reader.RecordFile;
import io.millrace.store.reader.RecordFiles;
import io.millrace.store.reader.RecordFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds where a record log ends: behind its last intact excerpt of a command that the journal holds. Reads only.
 *
 * <p>What was appended up to the snapshot is known to be on the disk, so the walk begins at the last file that starts before
 * it. The first damage ends the log, since replay appends everything behind the snapshot again; only if intact records from
 * before the snapshot follow behind it, the walk goes on there, because nothing could bring those back.
 */
final class RecordLogRecovery {
    /** How far behind a stop intact records are looked for. */
    private static final int PROBE_BYTES = 1 << 22;

    private static final int SHARD = LogRecordDecoder.shardIdEncodingOffset();
    private static final int SEQUENCE = LogRecordDecoder.sequenceNumberEncodingOffset();
    private static final int TIME = LogRecordDecoder.arrivalTimeNsEncodingOffset();
    private static final int KEY_LENGTH = LogRecordDecoder.keyLengthEncodingOffset();
    private static final int DATA_LENGTH = LogRecordDecoder.dataLengthEncodingOffset();

    /**
     * A place that no replay mends.
     *
     * @param file     damaged.
     * @param position of the damage, in bytes.
     */
    record Damage(Path file, long position) {}

    /**
     * Where records of a shard are.
     *
     * @param ordinal      first of the excerpt that holds them.
     * @param sequence     number of the shard's first record in it.
     * @param lastSequence number of its last one.
     * @param timeNs       when the first arrived.
     * @param epoch        of the start that wrote it.
     * @param filePosition where the word in front of the excerpt is.
     */
    record Place(long ordinal, long sequence, long lastSequence, long timeNs, long epoch, long filePosition) {
        Place upTo(final long last) {
            return new Place(ordinal, sequence, last, timeNs, epoch, filePosition);
        }
    }

    private final long endPosition;
    private final long snapshotPosition;
    private final boolean shared;
    private final Long2LongHashMap lastSequences = new Long2LongHashMap(0);
    private final Map<Long, List<Place>> places = new HashMap<>();
    private final List<Path> walked = new ArrayList<>();
    private final List<Damage> damage = new ArrayList<>();
    private long ordinal;
    private long sequence;
    private long timeNs;
    private long position = -1;

    private RecordLogRecovery(final long endPosition, final long snapshotPosition, final boolean shared) {
        this.shared = shared;
        this.endPosition = endPosition;
        this.snapshotPosition = snapshotPosition;
    }

    /**
     * Recovers the log in a folder, which may be empty.
     *
     * @param shared whether shards share the log, so that the places of their records are asked for.
     */
    static RecordLogRecovery recover(
            final Path log, final long endPosition, final long snapshotPosition, final boolean shared)
            throws IOException {
        final RecordLogRecovery recovery = new RecordLogRecovery(endPosition, snapshotPosition, shared);
        recovery.run(RecordFiles.load(log));
        return recovery;
    }

    private void run(final RecordFiles files) throws IOException {
        int start = -1;
        for (int i = 0; i < files.size(); i++) {
            final RecordFile file = files.get(i);
            if (file.isGood() && (start < 0 || file.previousPosition() <= snapshotPosition)) {
                start = i;
            }
        }
        if (start < 0) {
            return;
        }
        final RecordFile first = files.get(start);
        ordinal = first.previousOrdinal();
        sequence = first.previousSequence();
        timeNs = first.previousTimeNs();
        position = first.previousPosition();
        try (ExcerptWalker walker = new ExcerptWalker()) {
            for (int i = start; i < files.size(); i++) {
                final RecordFile file = files.get(i);
                // A file that begins behind a gap is not reached: all from the gap on is appended again.
                if (file.isGood() && file.previousOrdinal() <= ordinal) {
                    walked.add(file.path());
                    walker.open(file.path());
                    walk(walker, file.epoch(), files.limit(file.epoch()));
                }
            }
        } catch (final InternalError e) {
            throw new IOException("a page of the log cannot be read", e);
        }
    }

    private void walk(final ExcerptWalker walker, final long epoch, final long limit) {
        while (true) {
            while (walker.look()) {
                if (!walker.startsFile() && !take(walker, epoch, limit)) {
                    return;
                }
                walker.pass();
            }
            if (walker.stop() == ExcerptWalker.Stop.END_MARK || position >= snapshotPosition) {
                return;
            }
            final long stoppedAt = walker.position();
            final boolean wrong =
                    walker.stop() == ExcerptWalker.Stop.CORRUPT || walker.stop() == ExcerptWalker.Stop.TRUNCATED;
            // A page of zeros looks like the end; what is from before the snapshot behind it shows that it is none.
            final boolean goesOn =
                    walker.lookBehindDamage(PROBE_BYTES) && walker.excerpt().lastPosition() <= snapshotPosition;
            if (wrong || goesOn) {
                damage.add(new Damage(walker.file(), stoppedAt));
            }
            if (!goesOn) {
                return;
            }
            ordinal = walker.excerpt().firstOrdinal() - 1;
        }
    }

    /** Takes the present excerpt; false if it or what follows does not count. */
    private boolean take(final ExcerptWalker walker, final long epoch, final long limit) {
        final RecordExcerptDecoder excerpt = walker.excerpt();
        final long last = excerpt.firstOrdinal() + excerpt.recordCount() - 1;
        if (last <= ordinal) {
            return true;
        }
        if (excerpt.firstOrdinal() > ordinal + 1 || last > limit || excerpt.lastPosition() > endPosition) {
            return false;
        }
        ordinal = last;
        sequence = excerpt.lastSequence();
        timeNs = excerpt.lastTimeNs();
        position = excerpt.lastPosition();
        noteSequences(walker, epoch);
        return true;
    }

    private void noteSequences(final ExcerptWalker walker, final long epoch) {
        final UnsafeBuffer buffer = walker.buffer();
        int record = walker.firstRecord();
        while (record < walker.end()) {
            final long shardId = buffer.getLong(record + SHARD);
            if (shared) {
                notePlace(walker, epoch, shardId, record);
            }
            lastSequences.put(shardId, buffer.getLong(record + SEQUENCE));
            record +=
                    RecordFormat.recordLength(buffer.getInt(record + KEY_LENGTH), buffer.getInt(record + DATA_LENGTH));
        }
    }

    private void notePlace(final ExcerptWalker walker, final long epoch, final long shardId, final int record) {
        final List<Place> known = places.computeIfAbsent(shardId, key -> new ArrayList<>());
        final long first = walker.excerpt().firstOrdinal();
        final long present = walker.buffer().getLong(record + SEQUENCE);
        final int last = known.size() - 1;
        if (last >= 0 && known.get(last).ordinal() == first) {
            known.set(last, known.get(last).upTo(present));
        } else {
            known.add(new Place(
                    first, present, present, walker.buffer().getLong(record + TIME), epoch, walker.position()));
        }
    }

    /** Takes the places of all shards' records: the index of this start is to have them. */
    Map<Long, List<Place>> takePlaces() {
        final Map<Long, List<Place>> taken = Map.copyOf(places);
        places.clear();
        return taken;
    }

    /** Ordinal of the last record that counts, 0 if there is none. */
    long ordinal() {
        return ordinal;
    }

    long sequence() {
        return sequence;
    }

    long timeNs() {
        return timeNs;
    }

    long position() {
        return position;
    }

    /** Last sequence number of a shard among the records walked, 0 if none of them is its. */
    long lastSequence(final long shardId) {
        return lastSequences.get(shardId);
    }

    /** Files that may hold what the disk does not. */
    List<Path> walked() {
        return walked;
    }

    List<Damage> damage() {
        return damage;
    }
}

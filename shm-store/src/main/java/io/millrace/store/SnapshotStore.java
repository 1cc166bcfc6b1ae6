package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The snapshots of a data directory: files {@code snapshots/<position>.snapshot}, of which the two newest are kept. A file
 * has its final name only when it is whole and on disk. One that was found damaged since counts as none.
 */
public final class SnapshotStore {
    /** Folder in the data directory. */
    public static final String FOLDER = "snapshots";

    private static final int KEPT = 2;
    private static final int CHUNK = 1 << 20;
    private static final Pattern NAME = Pattern.compile("(\\d{19})\\" + SnapshotFormat.SUFFIX);

    private final Path directory;

    /** Positions of files that did not verify; noted by the thread that starts, asked by the one that deletes. */
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    /**
     * Opens the store and removes what an interrupted snapshot left. The caller holds the directory's lock.
     *
     * @param dataDirectory data directory.
     */
    public SnapshotStore(final Path dataDirectory) {
        directory = dataDirectory.resolve(FOLDER);
        try {
            Files.createDirectories(directory);
            for (final Path path : JournalLayout.list(directory)) {
                if (path.toString().endsWith(SnapshotFormat.UNFINISHED_SUFFIX)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (final IOException e) {
            throw new SnapshotException("cannot open " + directory, e);
        }
    }

    /**
     * Begins a snapshot.
     *
     * @param position log position of the last record in it.
     * @return writer; nothing counts before its {@link SnapshotWriter#finish()}.
     */
    public SnapshotWriter begin(final long position) {
        return new SnapshotWriter(this, directory, position);
    }

    /**
     * Positions of the snapshots that are there, unverified.
     *
     * @return positions, oldest first.
     */
    public List<Long> positions() {
        final List<Long> positions = new ArrayList<>();
        try {
            for (final Path path : JournalLayout.list(directory)) {
                final Matcher matcher = NAME.matcher(path.getFileName().toString());
                if (matcher.matches()) {
                    positions.add(Long.parseLong(matcher.group(1)));
                }
            }
        } catch (final IOException e) {
            throw new SnapshotException("cannot list " + directory, e);
        }
        return positions;
    }

    /**
     * First position that the journal must keep so that every kept snapshot can be used: for
     * {@link Journal#deleteBefore(long)}. Those found damaged by {@link #newestGood} are not counted.
     *
     * @return the position behind the older snapshot; 0 as long as there are not two.
     */
    public long neededFrom() {
        return oldestKept() + 1;
    }

    /**
     * Deletes what is older than the two newest, those found damaged not counted.
     *
     * @throws SnapshotException if that fails; the two newest are untouched.
     */
    public void deleteOlder() {
        final long kept = oldestKept();
        try {
            for (final long position : positions()) {
                if (position < kept) {
                    Files.deleteIfExists(file(position));
                }
            }
            JournalLayout.forceDirectory(directory);
        } catch (final IOException e) {
            throw new SnapshotException("cannot delete what is older than position " + kept + " in " + directory, e);
        }
    }

    private long oldestKept() {
        final List<Long> positions = positions();
        positions.removeAll(damaged);
        return positions.size() < KEPT ? -1 : positions.get(positions.size() - KEPT);
    }

    /** A file has got its final name. */
    void onWritten(final long position) {
        damaged.remove(position);
        try {
            JournalLayout.forceDirectory(directory);
        } catch (final IOException e) {
            throw new SnapshotException("the snapshot " + file(position) + " is whole, but its name is not forced", e);
        }
    }

    /**
     * Newest snapshot that verifies.
     *
     * @param onDamaged told of every newer one that does not; it stays where it is.
     * @return its position, empty if there is none.
     * @throws SnapshotException if one is in a newer format: an older program must not fall back behind it.
     */
    public OptionalLong newestGood(final Consumer<SnapshotException> onDamaged) {
        final List<Long> positions = positions();
        for (int i = positions.size() - 1; i >= 0; i--) {
            final SnapshotException damage = damageOf(positions.get(i));
            if (damage == null) {
                return OptionalLong.of(positions.get(i));
            }
            damaged.add(positions.get(i));
            onDamaged.accept(damage);
        }
        return OptionalLong.empty();
    }

    /**
     * Hands over the records of a snapshot after all of it has been verified.
     *
     * @param position position of the snapshot.
     * @param handler  receives the records.
     * @return number of records.
     * @throws SnapshotException if there is none, or it is damaged or in a newer format; nothing was handed over then.
     */
    public long load(final long position, final SnapshotHandler handler) {
        final SnapshotException damage = damageOf(position);
        if (damage != null) {
            throw damage;
        }
        final Path file = file(position);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return records(channel, handler, file);
        } catch (final IOException e) {
            throw new SnapshotException("cannot read " + file, e);
        }
    }

    private Path file(final long position) {
        return directory.resolve(SnapshotFormat.fileName(position));
    }

    private SnapshotException damageOf(final long position) {
        final Path file = file(position);
        final String damage;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            damage = verify(channel, file, position);
        } catch (final IOException e) {
            return new SnapshotException("cannot read " + file, e);
        }
        return damage == null ? null : new SnapshotException("the snapshot " + file + " is damaged: " + damage);
    }

    private static String verify(final FileChannel channel, final Path file, final long position) throws IOException {
        final long length = channel.size();
        if (length < SnapshotFormat.HEADER_LENGTH + SnapshotFormat.TRAILER_LENGTH) {
            return "it has " + length + " bytes";
        }
        final ByteBuffer header = read(channel, 0, SnapshotFormat.HEADER_LENGTH);
        if (header.getLong(0) != SnapshotFormat.MAGIC) {
            return "it does not start like one";
        }
        final long end = length - SnapshotFormat.TRAILER_LENGTH;
        final ByteBuffer trailer = read(channel, end, SnapshotFormat.TRAILER_LENGTH);
        final int version = header.getInt(SnapshotFormat.VERSION_OFFSET);
        if (crc(channel, end + SnapshotFormat.TRAILER_CRC_OFFSET)
                != trailer.getInt(SnapshotFormat.TRAILER_CRC_OFFSET)) {
            return "its CRC-32C does not match";
        }
        if (version != SnapshotFormat.FORMAT_VERSION) {
            throw new SnapshotException("the snapshot " + file + " is in format " + version
                    + ", this program reads format " + SnapshotFormat.FORMAT_VERSION);
        }
        if (header.getLong(SnapshotFormat.POSITION_OFFSET) != position) {
            return "it is of position " + header.getLong(SnapshotFormat.POSITION_OFFSET);
        }
        return trailer.getInt(0) == SnapshotFormat.END_OF_RECORDS ? null : "its end is missing";
    }

    private static int crc(final FileChannel channel, final long length) throws IOException {
        final CRC32C crc = new CRC32C();
        final ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK);
        long position = 0;
        while (position < length) {
            bytes.clear().limit((int) Math.min(CHUNK, length - position));
            final int count = channel.read(bytes, position);
            if (count <= 0) {
                break;
            }
            bytes.flip();
            crc.update(bytes);
            position += count;
        }
        return (int) crc.getValue();
    }

    private static ByteBuffer read(final FileChannel channel, final long position, final int length)
            throws IOException {
        return fill(ByteBuffer.allocate(length), channel, position);
    }

    private static long records(final FileChannel channel, final SnapshotHandler handler, final Path file)
            throws IOException {
        final long end = channel.size() - SnapshotFormat.TRAILER_LENGTH;
        final long expected =
                read(channel, end, SnapshotFormat.TRAILER_LENGTH).getLong(SnapshotFormat.TRAILER_COUNT_OFFSET);
        final UnsafeBuffer record = new UnsafeBuffer(0, 0);
        ByteBuffer chunk = window(channel, SnapshotFormat.HEADER_LENGTH, CHUNK);
        long chunkStart = SnapshotFormat.HEADER_LENGTH;
        long position = chunkStart;
        long count = 0;
        while (position < end) {
            final int available = (int) (chunkStart + chunk.limit() - position);
            final int needed = available < SnapshotFormat.RECORD_HEADER_LENGTH
                    ? SnapshotFormat.RECORD_HEADER_LENGTH
                    : SnapshotFormat.RECORD_HEADER_LENGTH + chunk.getInt((int) (position - chunkStart));
            if (needed < SnapshotFormat.RECORD_HEADER_LENGTH || position + needed > end) {
                throw new SnapshotException("the snapshot " + file + " has a bad record at byte " + position);
            }
            if (needed > available) {
                chunk = window(channel, position, Math.max(CHUNK, needed));
                chunkStart = position;
                continue;
            }
            record.wrap(chunk);
            handler.onRecord(
                    record,
                    (int) (position - chunkStart) + SnapshotFormat.RECORD_HEADER_LENGTH,
                    needed - SnapshotFormat.RECORD_HEADER_LENGTH);
            position += needed + SnapshotFormat.padding(needed);
            count++;
        }
        if (count != expected) {
            throw new SnapshotException("the snapshot " + file + " has " + count + " records instead of " + expected);
        }
        return count;
    }

    private static ByteBuffer window(final FileChannel channel, final long position, final int length)
            throws IOException {
        final int present = (int) Math.min(length, channel.size() - position);
        return fill(ByteBuffer.allocateDirect(present), channel, position);
    }

    /** Reads until the bytes are full or the file ends. */
    private static ByteBuffer fill(final ByteBuffer bytes, final FileChannel channel, final long position)
            throws IOException {
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes, position + bytes.position());
        }
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}

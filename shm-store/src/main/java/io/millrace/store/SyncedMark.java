package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file {@code synced}: what is known to be on disk, and which run of the machine knew it.
 *
 * <p>Two slots in different disk sectors are written in turn, so that a torn write leaves the older one:
 *
 * <pre>
 *   0       8           16        24             32               40              56        60
 *   +-------+-----------+---------+--------------+----------------+---------------+---------+
 *   | magic | writeCount| epoch   | resumesAfter | syncedPosition | machine boot  | CRC-32C |
 *   +-------+-----------+---------+--------------+----------------+---------------+---------+
 * </pre>
 */
final class SyncedMark implements AutoCloseable {
    static final String FILE_NAME = "synced";

    private static final long MAGIC = 0x31_44_45_43_4e_59_53_4dL;
    private static final int SLOT_LENGTH = 60;
    private static final int CRC_OFFSET = 56;
    private static final int SLOT_SPACING = 512;

    /**
     * What a slot says.
     *
     * @param writeCount     how often the file was written.
     * @param bootEpoch      last start that was begun.
     * @param resumesAfter   last position that counts from the starts before it.
     * @param syncedPosition last position known to be on disk.
     * @param machineBoot    run of the machine in which this was written.
     */
    record Contents(long writeCount, long bootEpoch, long resumesAfter, long syncedPosition, UUID machineBoot) {}

    private final FileChannel channel;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private long writeCount;

    private SyncedMark(final FileChannel channel, final long writeCount) {
        this.channel = channel;
        this.writeCount = writeCount;
    }

    /** Opens the file of a data directory for writing. */
    static SyncedMark open(final Path dataDirectory) throws IOException {
        final long last = read(dataDirectory).map(Contents::writeCount).orElse(0L);
        return new SyncedMark(
                FileChannel.open(dataDirectory.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                last);
    }

    /** The newer valid slot; empty if there is no file or no valid slot in it. */
    static Optional<Contents> read(final Path dataDirectory) throws IOException {
        final Path file = dataDirectory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        final byte[] bytes = Files.readAllBytes(file);
        final Optional<Contents> first = parse(bytes, 0);
        final Optional<Contents> second = parse(bytes, SLOT_SPACING);
        if (first.isPresent() && second.isPresent()) {
            return first.get().writeCount() > second.get().writeCount() ? first : second;
        }
        return first.isPresent() ? first : second;
    }

    private static Optional<Contents> parse(final byte[] bytes, final int offset) {
        if (bytes.length < offset + SLOT_LENGTH) {
            return Optional.empty();
        }
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, CRC_OFFSET);
        if (buffer.getLong(offset) != MAGIC || buffer.getInt(offset + CRC_OFFSET) != (int) crc.getValue()) {
            return Optional.empty();
        }
        return Optional.of(new Contents(
                buffer.getLong(offset + 8),
                buffer.getLong(offset + 16),
                buffer.getLong(offset + 24),
                buffer.getLong(offset + 32),
                new UUID(buffer.getLong(offset + 40), buffer.getLong(offset + 48))));
    }

    /** Writes the next slot and forces it to the disk. */
    void write(final long bootEpoch, final long resumesAfter, final long syncedPosition, final UUID machineBoot)
            throws IOException {
        writeCount++;
        slot.clear();
        slot.putLong(MAGIC)
                .putLong(writeCount)
                .putLong(bootEpoch)
                .putLong(resumesAfter)
                .putLong(syncedPosition);
        slot.putLong(machineBoot.getMostSignificantBits()).putLong(machineBoot.getLeastSignificantBits());
        final CRC32C crc = new CRC32C();
        slot.flip();
        crc.update(slot);
        slot.limit(SLOT_LENGTH);
        slot.putInt(CRC_OFFSET, (int) crc.getValue());
        slot.position(0);
        long at = (writeCount & 1) * SLOT_SPACING;
        while (slot.hasRemaining()) {
            at += channel.write(slot, at);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.millrace.kernel.memory;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Byte strings that are stored once and shared by reference count: message payloads, names and stored results.
 *
 * <p>Capacity is counted in accounted bytes: the content padded to 8 plus 8 for the block.
 */
public final class Payloads extends SlotTable {
    /** Bytes of a row. */
    public static final int ROW_LENGTH = 64;

    private static final int CONTENT_HASH = 16;
    private static final int LENGTH = 24;
    private static final int REFERENCES = 28;
    /** What a reference more adds to the word that length and references are. */
    private static final long ONE_REFERENCE = 1L << Integer.SIZE;

    private static final int FILLED = 32;
    private static final int ATTACHMENT_LINK = 36;
    private static final int LOGICAL_END = 40;
    private static final int SEGMENT = 40;
    private static final int OFFSET = 44;

    /** What payloads are attached to counts their references. */
    public interface Attachments {
        /**
         * A payload got more references, or lost some.
         *
         * @param slot of what it is attached to.
         * @param count of references, negative if it lost them.
         */
        void onReferences(int slot, int count);
    }

    /** Longest content for which room is found in segments of the usual length. */
    public static final int LONGEST_USUAL_LENGTH = Arena.SEGMENT_LENGTH - Arena.BLOCK_HEADER_LENGTH;

    /** Blocks looked at in one quantum of compaction. */
    private static final int COMPACTION_BLOCKS = 64;

    /** Bytes moved in one quantum of compaction, the last block not counted. */
    private static final int COMPACTION_BYTES = 32 * 1024;

    private final Arena arena = new Arena();
    private final Attachments attachments;
    private int victim = -1;
    private int victimOffset;

    /**
     * An empty store.
     *
     * @param tableId number of the table in hashes and snapshots.
     * @param attachments what payloads are attached to.
     */
    public Payloads(final int tableId, final Attachments attachments) {
        super(tableId, ROW_LENGTH, LOGICAL_END);
        this.attachments = attachments;
    }

    /**
     * Accounted bytes of a content.
     *
     * @param length of the content.
     * @return bytes that it takes from the limit ARENA_BYTES.
     */
    public static int accountedLength(final int length) {
        return Arena.blockLength(length);
    }

    /**
     * Bytes reserved for a content that is longer than {@link #LONGEST_USUAL_LENGTH}.
     *
     * @param length of the content.
     * @return the bytes.
     */
    public static int longLength(final int length) {
        return Arena.longLength(Arena.blockLength(length));
    }

    /**
     * Accounted bytes of all contents.
     *
     * @return the bytes.
     */
    public long accountedBytes() {
        return arena.liveBytes();
    }

    /**
     * Bytes reserved from the operating system.
     *
     * @return the bytes.
     */
    public long reservedBytes() {
        return arena.reservedBytes();
    }

    /**
     * Bytes of arena segments that nothing is in.
     *
     * @return bytes.
     */
    public long freeBytes() {
        return arena.freeBytes();
    }

    /**
     * Bytes that are left in the arena segment that is written to.
     *
     * @return bytes.
     */
    public long roomBytes() {
        return arena.roomBytes();
    }

    /**
     * Stores a content with one reference.
     *
     * @param source to copy from.
     * @param offset of the content in the source.
     * @param length of the content.
     * @return slot of the payload.
     */
    public int store(final DirectBuffer source, final int offset, final int length) {
        final int slot = open(length);
        append(slot, source, offset, length);
        return slot;
    }

    /**
     * Reserves room for a content that arrives in parts, with one reference.
     *
     * @param length of the content.
     * @return slot of the payload.
     */
    public int reserve(final int length) {
        final int slot = open(length);
        seal(slot);
        return slot;
    }

    private int open(final int length) {
        final int slot = allocate();
        putInt(slot, LENGTH, length);
        putInt(slot, REFERENCES, 1);
        place(slot, length);
        return slot;
    }

    private void place(final int slot, final int length) {
        final long placed = arena.place(slot, length);
        putInt(slot, SEGMENT, (int) (placed >>> Integer.SIZE));
        putInt(slot, OFFSET, (int) placed);
    }

    /**
     * Adds the next part of a content.
     *
     * @param slot of the payload.
     * @param source to copy from.
     * @param offset of the part in the source.
     * @param length of the part, at most what is missing.
     */
    public void append(final int slot, final DirectBuffer source, final int offset, final int length) {
        final int filled = getInt(slot, FILLED);
        final UnsafeBuffer target = buffer(slot);
        final int start = offset(slot);
        target.putBytes(start + filled, source, offset, length);
        putLong(
                slot,
                CONTENT_HASH,
                Hashing.content(getLong(slot, CONTENT_HASH), target, start, filled, filled + length));
        putInt(slot, FILLED, filled + length);
        seal(slot);
    }

    /**
     * Adds a reference.
     *
     * @param slot of the payload.
     */
    public void retain(final int slot) {
        addReferences(slot, 1);
    }

    /**
     * Adds references, or takes some back of which at least one stays.
     *
     * @param slot of the payload.
     * @param count of references, negative to take them back.
     */
    public void addReferences(final int slot, final int count) {
        putSealed(slot, LENGTH, getLong(slot, LENGTH) + count * ONE_REFERENCE);
        if (getInt(slot, ATTACHMENT_LINK) != 0) {
            attachments.onReferences(attachment(slot), count);
        }
    }

    /**
     * Attaches a payload that has one reference to something that stays as long as there are references.
     *
     * @param slot of the payload.
     * @param attachment slot of the other.
     */
    public void attach(final int slot, final int attachment) {
        putInt(slot, ATTACHMENT_LINK, attachment + 1);
        seal(slot);
        attachments.onReferences(attachment, 1);
    }

    /**
     * What a payload is attached to.
     *
     * @param slot of the payload.
     * @return its slot, -1: nothing.
     */
    public int attachment(final int slot) {
        return getInt(slot, ATTACHMENT_LINK) - 1;
    }

    /**
     * Drops one reference; the last one frees the payload.
     *
     * @param slot of the payload.
     */
    public void release(final int slot) {
        final int references = getInt(slot, REFERENCES) - 1;
        final int attachment = attachment(slot);
        if (references == 0) {
            arena.release(getInt(slot, SEGMENT), offset(slot));
            free(slot);
        } else {
            putSealed(slot, LENGTH, getLong(slot, LENGTH) - ONE_REFERENCE);
        }
        if (attachment >= 0) {
            attachments.onReferences(attachment, -1);
        }
    }

    /**
     * Length of the whole content.
     *
     * @param slot of the payload.
     * @return length in bytes.
     */
    public int length(final int slot) {
        return getInt(slot, LENGTH);
    }

    /**
     * Bytes that have arrived.
     *
     * @param slot of the payload.
     * @return length in bytes.
     */
    public int filled(final int slot) {
        return getInt(slot, FILLED);
    }

    /**
     * Buffer that holds the content at present: valid until the next record.
     *
     * @param slot of the payload.
     * @return the buffer.
     */
    public UnsafeBuffer buffer(final int slot) {
        return arena.segment(getInt(slot, SEGMENT));
    }

    /**
     * Offset of the content in its {@link #buffer(int)}.
     *
     * @param slot of the payload.
     * @return offset in bytes.
     */
    public int offset(final int slot) {
        return getInt(slot, OFFSET);
    }

    /**
     * Hash of the content, as {@link Hashing#content} computes it.
     *
     * @param slot of the payload.
     * @return the hash.
     */
    public long contentHash(final int slot) {
        return getLong(slot, CONTENT_HASH);
    }

    /**
     * Compares a content.
     *
     * @param slot of the payload.
     * @param other buffer to compare with.
     * @param otherOffset in that buffer.
     * @param otherLength in that buffer.
     * @return true if both are the same bytes.
     */
    public boolean matches(final int slot, final DirectBuffer other, final int otherOffset, final int otherLength) {
        if (length(slot) != otherLength) {
            return false;
        }
        final UnsafeBuffer mine = buffer(slot);
        final int start = offset(slot);
        for (int i = 0; i < otherLength; i++) {
            if (mine.getByte(start + i) != other.getByte(otherOffset + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Copies a part of a content.
     *
     * @param slot of the payload.
     * @param from first byte.
     * @param target to copy to.
     * @param targetOffset in the target.
     * @param length bytes to copy.
     */
    public void copy(
            final int slot,
            final int from,
            final MutableDirectBuffer target,
            final int targetOffset,
            final int length) {
        target.putBytes(targetOffset, buffer(slot), offset(slot) + from, length);
    }

    /**
     * Whether every content hash is what its bytes say: linear in the arena, for tests and verification.
     *
     * @return true if they all are.
     */
    public boolean verifyContents() {
        for (int slot = 0; slot < highWater(); slot++) {
            if (isLive(slot) && Hashing.content(0, buffer(slot), offset(slot), 0, filled(slot)) != contentHash(slot)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives a restored row its bytes.
     *
     * @param slot of the row, restored by {@link #restoreRow}.
     */
    public void restorePlace(final int slot) {
        place(slot, length(slot));
    }

    /**
     * Restores bytes of a restored row.
     *
     * @param slot of the row.
     * @param from first byte.
     * @param source of the bytes.
     * @param sourceOffset of the bytes.
     * @param length of the bytes.
     */
    public void restoreBytes(
            final int slot, final int from, final DirectBuffer source, final int sourceOffset, final int length) {
        buffer(slot).putBytes(offset(slot) + from, source, sourceOffset, length);
    }

    /** One quantum of compaction: moves a few live blocks out of a segment that is mostly dead. */
    public void compact() {
        if (victim < 0) {
            if (!arena.isSparse()) {
                return;
            }
            victim = arena.findVictim();
            victimOffset = 0;
        }
        int moved = 0;
        for (int i = 0; i < COMPACTION_BLOCKS && moved < COMPACTION_BYTES && victim >= 0; i++) {
            if (!arena.isUsed(victim) || victimOffset >= arena.cursor(victim)) {
                victim = -1;
            } else {
                moved += moveBlock();
            }
        }
    }

    private int moveBlock() {
        final int segment = victim;
        final int contentOffset = victimOffset + Arena.BLOCK_HEADER_LENGTH;
        final int owner = arena.owner(segment, victimOffset);
        victimOffset += arena.length(segment, victimOffset);
        if (!isLive(owner) || getInt(owner, SEGMENT) != segment || offset(owner) != contentOffset) {
            return 0;
        }
        final int length = length(owner);
        place(owner, length);
        buffer(owner).putBytes(offset(owner), arena.segment(segment), contentOffset, filled(owner));
        arena.release(segment, contentOffset);
        return length;
    }
}

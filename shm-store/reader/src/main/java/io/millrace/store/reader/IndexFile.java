package io.millrace.store.reader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file of the index of a shared log, mapped read-only. All shards of the log have their entries in it, one for each excerpt that
 * holds records of theirs, in blocks that are taken one behind the other: who appends to a thousand shards stays within
 * few pages, and who reads one of them follows its chain of blocks and sees no other's.
 *
 * <pre>
 *   header, 256 bytes:   0  magic       8  format version      16  1 if nothing more is added
 *   directory, 1/16 of the file, buckets of 16 bytes, open addressing:
 *                        0  shard id    8  its first block in the file (int32); 0: bucket is free
 *   blocks of 256 bytes, numbered by their place in the file:
 *                        0  shard id    8  its next block (int32); 0: none so far
 *                       16  six entries
 *   entry, 40 bytes:     0  first ordinal of the excerpt; 0: no entry
 *                        8  first sequence number of the shard in it      16  last one
 *                       24  arrival time of the first                     32  start that wrote the excerpt (int32)
 *                       36  where the word in front of it is, in bytes of its file (int32)
 * </pre>
 *
 * <p>All numbers are little-endian, int64 unless said otherwise. What is not there yet is 0, and the word that makes something
 * count is stored last.
 */
public final class IndexFile implements AutoCloseable {
    /** First word of the file. */
    public static final long MAGIC = 0x5845_444e_4952_4c4dL;

    /** Layout that this code writes and reads. */
    public static final int FORMAT_VERSION = 1;

    /** Offset of the magic number. */
    public static final int MAGIC_OFFSET = 0;

    /** Offset of {@link #FORMAT_VERSION}. */
    public static final int VERSION_OFFSET = 8;

    /** Offset of the flag that the writer went on to another file. */
    public static final int LEFT_OFFSET = 16;

    /** Where the directory begins. */
    public static final int DIRECTORY_OFFSET = 256;

    /** Bytes of a bucket. */
    public static final int BUCKET_LENGTH = 16;

    /** Offset of the first block in a bucket. */
    public static final int BUCKET_BLOCK_OFFSET = 8;

    /** Bytes of a block. */
    public static final int BLOCK_LENGTH = 256;

    /** Offset of the next block in a block. */
    public static final int NEXT_OFFSET = 8;

    /** Offset of the first entry in a block. */
    public static final int ENTRIES_OFFSET = 16;

    /** Entries of a block. */
    public static final int BLOCK_ENTRIES = 6;

    /** Bytes of an entry. */
    public static final int ENTRY_LENGTH = 40;

    /** Offset of the ordinal, which is stored last. */
    public static final int ORDINAL_OFFSET = 0;

    /** Offset of the first sequence number. */
    public static final int FIRST_SEQUENCE_OFFSET = 8;

    /** Offset of the last sequence number. */
    public static final int LAST_SEQUENCE_OFFSET = 16;

    /** Offset of the arrival time. */
    public static final int TIME_OFFSET = 24;

    /** Offset of the start's epoch. */
    public static final int EPOCH_OFFSET = 32;

    /** Offset of the position in the file. */
    public static final int POSITION_OFFSET = 36;

    private static final int DIRECTORY_PART = 16;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final int firstBlock;

    private IndexFile(final MappedByteBuffer mapping) {
        this.mapping = mapping;
        buffer = new UnsafeBuffer(mapping);
        firstBlock = firstBlock(mapping.capacity());
    }

    /**
     * Maps a file.
     *
     * @param path of the file.
     * @return the file; one whose content the machine lost has no entries.
     * @throws IOException     if it cannot be mapped.
     * @throws ReaderException if it is cut short or no index in a layout that this code knows.
     */
    public static IndexFile open(final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final long length = channel.size();
            if (length < BLOCK_LENGTH * DIRECTORY_PART || length > Integer.MAX_VALUE) {
                throw new ReaderException(
                        ReaderException.Kind.TRUNCATED, path, length, "this is not the length of an index");
            }
            final IndexFile file = new IndexFile(channel.map(FileChannel.MapMode.READ_ONLY, 0, length));
            file.check(path);
            return file;
        }
    }

    private void check(final Path path) {
        final long magic = buffer.getLongVolatile(MAGIC_OFFSET);
        final long version = buffer.getLong(VERSION_OFFSET);
        if (magic == 0 || magic == MAGIC && version == FORMAT_VERSION) {
            return;
        }
        close();
        if (magic == MAGIC && version > FORMAT_VERSION) {
            throw new ReaderException(
                    ReaderException.Kind.NEWER_FORMAT,
                    path,
                    VERSION_OFFSET,
                    "format version " + version + ", this reader knows " + FORMAT_VERSION);
        }
        throw new ReaderException(ReaderException.Kind.CORRUPT, path, MAGIC_OFFSET, "this is no index");
    }

    /**
     * Where the blocks of a file begin. There are more buckets than blocks, so one is always free.
     *
     * @param length of the file in bytes, 4,096 times a power of two.
     * @return offset of the first block.
     */
    public static int firstBlock(final int length) {
        return DIRECTORY_OFFSET + length / DIRECTORY_PART;
    }

    /**
     * Where the search for a shard in the directory begins.
     *
     * @param shardId   the shard.
     * @param directory bytes of the directory.
     * @return offset in the directory; the search goes on to the next bucket, and from the last to the first.
     */
    public static int bucket(final long shardId, final int directory) {
        return (int) (shardId * 0x9E37_79B9_7F4A_7C15L >>> Integer.SIZE) * BUCKET_LENGTH & directory - 1;
    }

    /**
     * Where the first block of a shard is.
     *
     * @param shardId the shard.
     * @return offset of the block, 0 if there is none so far.
     */
    public int firstBlockOf(final long shardId) {
        final int directory = firstBlock - DIRECTORY_OFFSET;
        int bucket = bucket(shardId, directory);
        int block = blockOf(bucket);
        while (block != 0 && shardAt(bucket) != shardId) {
            bucket = bucket + BUCKET_LENGTH & directory - 1;
            block = blockOf(bucket);
        }
        return block;
    }

    private int blockOf(final int bucket) {
        return inside(buffer.getIntVolatile(DIRECTORY_OFFSET + bucket + BUCKET_BLOCK_OFFSET));
    }

    private long shardAt(final int bucket) {
        return buffer.getLong(DIRECTORY_OFFSET + bucket);
    }

    /** A number of a block as its offset; what lies outside leads nowhere. */
    private int inside(final int block) {
        final long offset = (long) block * BLOCK_LENGTH;
        return offset < firstBlock || offset + BLOCK_LENGTH > buffer.capacity() ? 0 : (int) offset;
    }

    /**
     * The block behind another one of the same shard.
     *
     * @param block offset of a block.
     * @return its offset, 0 if there is none so far.
     */
    public int next(final int block) {
        final int next = inside(buffer.getIntVolatile(block + NEXT_OFFSET));
        // Blocks are taken in order, so a damaged chain ends rather than going round.
        return next > block ? next : 0;
    }

    /**
     * Whether the writer went on to another file, so that nothing more is added.
     *
     * @return true if so.
     */
    public boolean isLeft() {
        return buffer.getLongVolatile(LEFT_OFFSET) != 0;
    }

    /**
     * A word of an entry.
     *
     * @param block  offset of the block.
     * @param entry  its number in the block.
     * @param offset of the word in the entry.
     * @return the word; those behind the ordinal hold once the ordinal is not 0.
     */
    public long word(final int block, final int entry, final int offset) {
        return buffer.getLongVolatile(block + ENTRIES_OFFSET + entry * ENTRY_LENGTH + offset);
    }

    /**
     * The last record that the file leads to.
     *
     * @return greatest first ordinal of an excerpt, 0 if there is no entry.
     */
    public long lastOrdinal() {
        long last = 0;
        for (int block = firstBlock; block + BLOCK_LENGTH <= buffer.capacity(); block += BLOCK_LENGTH) {
            for (int entry = 0; entry < BLOCK_ENTRIES; entry++) {
                last = Math.max(last, word(block, entry, ORDINAL_OFFSET));
            }
        }
        return last;
    }

    /**
     * The last records of all shards that the file leads to.
     *
     * @return last sequence number of each shard, by the shard's id.
     */
    public Map<Long, Long> lastSequences() {
        final Map<Long, Long> sequences = new HashMap<>();
        for (int block = firstBlock; block + BLOCK_LENGTH <= buffer.capacity(); block += BLOCK_LENGTH) {
            for (int entry = 0; entry < BLOCK_ENTRIES; entry++) {
                if (word(block, entry, ORDINAL_OFFSET) != 0) {
                    sequences.merge(buffer.getLong(block), word(block, entry, LAST_SEQUENCE_OFFSET), Math::max);
                }
            }
        }
        return sequences;
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}

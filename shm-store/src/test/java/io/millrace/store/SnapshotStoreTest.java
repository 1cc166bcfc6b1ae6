package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
    @TempDir
    Path directory;

    private SnapshotStore store;
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[3 << 20]);

    @BeforeEach
    void open() {
        store = new SnapshotStore(directory);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.putByte(i, (byte) (i * 31));
        }
    }

    private void write(final long position, final int... lengths) {
        try (SnapshotWriter writer = store.begin(position)) {
            for (final int length : lengths) {
                writer.append(bytes, length & 7, length);
            }
            writer.finish();
        }
    }

    private List<Integer> load(final long position) {
        final List<Integer> lengths = new ArrayList<>();
        store.load(position, (buffer, offset, length) -> {
            for (int i = 0; i < length; i++) {
                assertEquals(bytes.getByte((length & 7) + i), buffer.getByte(offset + i));
            }
            lengths.add(length);
        });
        return lengths;
    }

    private Path file(final long position) {
        return directory.resolve("snapshots").resolve(String.format("%019d.snapshot", position));
    }

    private void damage(final long position) throws IOException {
        final byte[] whole = Files.readAllBytes(file(position));
        whole[40] ^= 1;
        Files.write(file(position), whole);
    }

    private static List<SnapshotException> none() {
        return new ArrayList<>();
    }

    @Test
    void shouldReadBackRecordsOfAnyLength() {
        final int[] lengths = {0, 1, 7, 8, 9, 4096, (1 << 20) - 41, 1 << 20, (2 << 20) + 3, 16};
        write(42, lengths);
        assertEquals(Arrays.stream(lengths).boxed().toList(), load(42));
        assertEquals(OptionalLong.of(42), store.newestGood(none()::add));
    }

    @Test
    void shouldReadBackManyRecords() {
        final int[] lengths = new int[60_000];
        Arrays.setAll(lengths, i -> i % 97);
        write(7, lengths);
        assertEquals(Arrays.stream(lengths).boxed().toList(), load(7));
    }

    @Test
    void shouldKeepTheTwoNewest() {
        assertEquals(0, store.neededFrom());
        write(10, 8);
        assertEquals(0, store.neededFrom());
        write(20, 8);
        assertEquals(11, store.neededFrom());
        write(30, 8);
        store.deleteOlder();
        assertEquals(List.of(20L, 30L), store.positions());
        assertEquals(21, store.neededFrom());
    }

    @Test
    void shouldNotCountADamagedOneAmongTheTwo() throws IOException {
        write(3, 8);
        write(4, 8);
        damage(4);
        assertEquals(OptionalLong.of(3), store.newestGood(none()::add));
        assertEquals(0, store.neededFrom());

        write(5, 8);
        store.deleteOlder();
        assertEquals(List.of(3L, 4L, 5L), store.positions());
        assertEquals(4, store.neededFrom());

        write(6, 8);
        store.deleteOlder();
        assertEquals(List.of(5L, 6L), store.positions());
        assertEquals(6, store.neededFrom());
    }

    @Test
    void shouldCountADamagedOneThatWasWrittenAgain() throws IOException {
        write(3, 8);
        write(4, 8);
        damage(4);
        store.newestGood(none()::add);

        write(4, 8);

        assertEquals(4, store.neededFrom());
        assertEquals(OptionalLong.of(4), store.newestGood(none()::add));
    }

    @Test
    void shouldCompleteASnapshotWhateverBecomesOfOlderOnes() throws IOException {
        // Nothing deletes a directory that is not empty.
        Files.createDirectories(file(1).resolve("in the way"));
        write(2, 8);
        write(3, 8);

        assertEquals(List.of(8), load(3));
        assertThrows(SnapshotException.class, store::deleteOlder);
        assertEquals(OptionalLong.of(3), store.newestGood(none()::add));
    }

    @Test
    void shouldLeaveNothingWhenAborted() throws IOException {
        try (SnapshotWriter writer = store.begin(5)) {
            writer.append(bytes, 0, 2 << 20);
            writer.abort();
            assertThrows(SnapshotException.class, writer::finish);
            assertThrows(SnapshotException.class, () -> writer.append(bytes, 0, 1));
        }
        try (SnapshotWriter writer = store.begin(6)) {
            writer.append(bytes, 0, 100);
        }
        assertEquals(List.of(), JournalLayout.list(directory.resolve("snapshots")));
    }

    @Test
    void shouldRemoveWhatAnInterruptedSnapshotLeft() throws IOException {
        final Path left = directory.resolve("snapshots").resolve("0000000000000000009.snapshot.tmp");
        Files.writeString(left, "half");
        store = new SnapshotStore(directory);
        assertFalse(Files.exists(left));
        assertEquals(OptionalLong.empty(), store.newestGood(none()::add));
    }

    @Test
    void shouldFindEveryFlippedByteAndEveryCut() throws IOException {
        write(3, 0, 5, 64, 200);
        final byte[] whole = Files.readAllBytes(file(3));
        for (int i = 0; i < whole.length - 4; i++) {
            final byte[] copy = whole.clone();
            copy[i] ^= 0x10;
            Files.write(file(3), copy);
            assertThrows(SnapshotException.class, () -> load(3), "byte " + i);
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(3), Arrays.copyOf(whole, length));
            assertThrows(SnapshotException.class, () -> load(3), "length " + length);
        }
    }

    @Test
    void shouldFallBackToTheOlderAndSaySo() throws IOException {
        write(3, 8);
        write(4, 8);
        damage(4);
        final List<SnapshotException> damages = none();
        assertEquals(OptionalLong.of(3), store.newestGood(damages::add));
        assertEquals(1, damages.size());
        assertTrue(damages.get(0).getMessage().contains(file(4).toString()));
    }

    @Test
    void shouldRefuseANewerFormatInsteadOfFallingBack() throws IOException {
        write(3, 8);
        write(4, 8);
        final ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(file(4))).order(ByteOrder.LITTLE_ENDIAN);
        whole.putInt(8, 2);
        final CRC32C crc = new CRC32C();
        crc.update(whole.array(), 0, whole.capacity() - 8);
        whole.putInt(whole.capacity() - 8, (int) crc.getValue());
        Files.write(file(4), whole.array());
        final SnapshotException refusal = assertThrows(SnapshotException.class, () -> store.newestGood(none()::add));
        assertTrue(refusal.getMessage().contains("format 2"), refusal.getMessage());
    }
}

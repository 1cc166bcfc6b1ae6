package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.JournalDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server starts on a journal of which one page is zero. */
class DamagedRestartTest {

    private static final int PAGE = 4096;
    private static final int MESSAGES = 300;
    private static final int BODY_BYTES = 1_000;

    /** In the middle of the records. */
    private static final long ZEROED = 40 * PAGE;

    /** Behind the records of the start, before the zeroed page. */
    private static final long LOW_POSITION = 10;

    private static final int MARK_SLOT_SPACING = 512;
    private static final int MARK_SYNCED_OFFSET = 32;
    private static final int MARK_BOOT_OFFSET = 40;
    private static final int MARK_CRC_OFFSET = 56;

    @TempDir
    Path directory;

    private TestServer server;
    private long queue;
    private Path segment;
    private byte[] page;

    /** A server that was killed with everything on disk, so that no snapshot covers the page; then the page is lost. */
    @BeforeEach
    void loseAPage() throws IOException {
        server = new TestServer(directory);
        final RawClient client = server.client();
        queue = client.createQueue("orders", TimeUnit.SECONDS.toNanos(30));
        send(client, 0, MESSAGES);
        server.kill();
        segment = onlySegment();
        page = new byte[PAGE];
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            assertEquals(PAGE, channel.read(ByteBuffer.wrap(page), ZEROED));
        }
        overwrite(new byte[PAGE]);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldRefuseAPageThatWasOnDisk() throws IOException {
        assertRefused();
    }

    @Test
    void shouldRefuseAPageThatWasOnDiskAfterAMachineRestart() throws IOException {
        editMark(Long.MAX_VALUE, true);
        assertRefused();
    }

    @Test
    void shouldRefuseAPageThatWasInThePageCacheOfThisRunOfTheMachine() throws IOException {
        editMark(LOW_POSITION, false);
        assertRefused();
    }

    @Test
    void shouldEndAtTheZeroedPageAfterAMachineRestartAndKeepWhatComesThen() throws IOException {
        editMark(LOW_POSITION, true);

        server.start();
        server.crankUntil(
                "the operator is told", () -> server.log.stream().anyMatch(line -> line.contains("whole records")));
        final RawClient client = server.client();
        client.describe(queue);
        final int kept = (int) client.await("the description", e -> e.type().equals("QueueDescription"))
                .count();
        assertTrue(kept > 0 && kept < MESSAGES, "kept " + kept);
        send(client, MESSAGES, 50);
        server.kill();
        server.start();

        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            expected.add(body(i));
        }
        for (int i = MESSAGES; i < MESSAGES + 50; i++) {
            expected.add(body(i));
        }
        assertEquals(expected, delivered(expected.size()));
        server.restart();
        assertEquals(expected, delivered(expected.size()));
    }

    /** Names file and position, and changes nothing: with its page back, the journal is what it was. */
    private void assertRefused() throws IOException {
        final JournalDamagedException refusal = assertThrows(JournalDamagedException.class, () -> server.start());

        assertEquals(segment, refusal.file());
        assertTrue(refusal.filePosition() <= ZEROED + PAGE, refusal.getMessage());
        assertTrue(refusal.lastGoodPosition() > LOW_POSITION, refusal.getMessage());
        assertTrue(refusal.lastGoodPosition() < MESSAGES, refusal.getMessage());
        for (final Object named : List.of(segment, refusal.lastGoodPosition(), "millrace journal repair")) {
            assertTrue(refusal.getMessage().contains(named.toString()), refusal.getMessage());
        }
        overwrite(page);
        server.start();
        final List<String> delivered = delivered(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertEquals(body(i), delivered.get(i));
        }
    }

    private List<String> delivered(final int count) {
        final RawClient client = server.client();
        client.consume(queue, 1_000, 1 << 20);
        return client.awaitCount("Delivery", count).stream().map(Event::text).toList();
    }

    private void send(final RawClient client, final int first, final int count) {
        long id = 0;
        for (int i = first; i < first + count; i++) {
            id = client.send(queue, body(i));
        }
        final long last = id;
        client.await("the last confirmation", e -> e.type().equals("Confirmed") && e.to() >= last);
    }

    private static String body(final int number) {
        return number + "-".repeat(BODY_BYTES);
    }

    private Path onlySegment() throws IOException {
        try (Stream<Path> paths = Files.walk(directory.resolve("journal"))) {
            final List<Path> segments =
                    paths.filter(path -> path.toString().endsWith(".cq4")).toList();
            assertEquals(1, segments.size());
            return segments.get(0);
        }
    }

    private void overwrite(final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), ZEROED);
        }
    }

    /** Has the mark, in both its slots, say less, or that another run of the machine wrote it. */
    private void editMark(final long maxPosition, final boolean isOtherRun) throws IOException {
        final Path file = directory.resolve("synced");
        final byte[] mark = Files.readAllBytes(file);
        final ByteBuffer buffer = ByteBuffer.wrap(mark).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot + MARK_CRC_OFFSET < mark.length; slot += MARK_SLOT_SPACING) {
            final long position = buffer.getLong(slot + MARK_SYNCED_OFFSET);
            buffer.putLong(slot + MARK_SYNCED_OFFSET, Math.min(position, maxPosition));
            if (isOtherRun) {
                buffer.putLong(slot + MARK_BOOT_OFFSET, ~buffer.getLong(slot + MARK_BOOT_OFFSET));
            }
            final CRC32C crc = new CRC32C();
            crc.update(mark, slot, MARK_CRC_OFFSET);
            buffer.putInt(slot + MARK_CRC_OFFSET, (int) crc.getValue());
        }
        Files.write(file, mark);
    }
}

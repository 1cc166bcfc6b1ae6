package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.ServerCounters.Id;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that share a driver are told apart by the directories in the labels of their counters. */
class ServerCountersTest {

    private static final int NONE = CountersReader.NULL_COUNTER_ID;

    @TempDir
    Path parent;

    private final CountersManager counters = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(64 * CountersReader.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(64 * CountersReader.COUNTER_LENGTH)),
            StandardCharsets.US_ASCII);
    private Path first;
    private Path second;

    @BeforeEach
    void makeDirectories() throws IOException {
        first = Files.createDirectory(parent.resolve("first"));
        second = Files.createDirectory(parent.resolve("second"));
        counters.allocate("some other counter", 1);
    }

    private int add(final Id id, final Path directory) {
        return counters.allocate("millrace " + id.label() + ": " + directory, id.typeId());
    }

    @Test
    void shouldFindTheCounterOfTheServerThatWasNamed() throws IOException {
        add(Id.SENDS, first);
        final int expected = add(Id.SENDS, second);

        assertEquals(expected, ServerCounters.find(counters, Id.SENDS, second));
        assertEquals(
                expected,
                ServerCounters.find(counters, Id.SENDS, Files.createSymbolicLink(parent.resolve("link"), second)));
        assertEquals(second, ServerCounters.directory(counters.getCounterLabel(expected)));
    }

    @Test
    void shouldNotTakeAnotherServerForTheOneThatWasNamed() {
        assertTrue(add(Id.SENDS, first) > 0);

        assertEquals(NONE, ServerCounters.find(counters, Id.SENDS, second));
        assertEquals(NONE, ServerCounters.find(counters, Id.DELIVERIES, first));
    }

    @Test
    void shouldFindTheOnlyServerWithoutAName() {
        final int only = add(Id.SENDS, first);
        assertEquals(only, ServerCounters.find(counters, Id.SENDS, null));

        assertNotEquals(only, add(Id.SENDS, second));
        assertEquals(NONE, ServerCounters.find(counters, Id.SENDS, null));
    }

    @Test
    void shouldFindAServerThatKnowsItsDirectoryByAnotherPath() {
        final int contained = add(Id.SENDS, parent.resolve("in a container"));

        assertEquals(contained, ServerCounters.find(counters, Id.SENDS, first));
        assertNotEquals(contained, add(Id.SENDS, second));
        assertEquals(contained, ServerCounters.find(counters, Id.SENDS, first));
    }
}

package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    private static final int DEADLINE_SECONDS = 30;
    private static final int ACQUIRED = 0;
    private static final int REFUSED = 3;

    @TempDir
    Path parent;

    /** Another process: tells by its exit code whether it got the lock. */
    public static void main(final String[] args) {
        try (DirectoryLock lock = DirectoryLock.acquire(Path.of(args[0]))) {
            System.exit(lock.isHeld() ? ACQUIRED : REFUSED);
        } catch (final DirectoryLockedException e) {
            System.exit(REFUSED);
        }
    }

    private int acquireElsewhere(final Path directory) throws IOException, InterruptedException {
        final Path standardError = parent.resolve("stderr");
        final Process process =
                ChildProcess.start(DirectoryLockTest.class, standardError.toFile(), directory.toString());
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "the process does not end");
        assertEquals("", Files.readString(standardError));
        return process.exitValue();
    }

    @Test
    void shouldHoldTheLockAfterRefusingItToItsOwnProcess() throws IOException, InterruptedException {
        final Path directory = parent.resolve("data");
        final DirectoryLock lock = DirectoryLock.acquire(directory);

        assertThrows(DirectoryLockedException.class, () -> DirectoryLock.acquire(directory));

        assertTrue(lock.isHeld());
        assertEquals(REFUSED, acquireElsewhere(directory));
        lock.close();
        assertEquals(ACQUIRED, acquireElsewhere(directory));
    }

    @Test
    void shouldKnowADirectoryByEveryName() throws IOException {
        final Path directory = parent.resolve("data");
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            final Path other = Files.createSymbolicLink(parent.resolve("other"), directory);
            final DirectoryLockedException refusal =
                    assertThrows(DirectoryLockedException.class, () -> DirectoryLock.acquire(other));
            assertTrue(
                    refusal.getMessage()
                            .contains("pid " + ProcessHandle.current().pid()),
                    refusal.getMessage());
            assertTrue(lock.isHeld());
        }
    }

    @Test
    void shouldLeaveTheNextOwnerAloneWhenClosedTwice() {
        final DirectoryLock first = DirectoryLock.acquire(parent);
        first.close();
        try (DirectoryLock second = DirectoryLock.acquire(parent)) {
            first.close();
            assertFalse(first.isHeld());
            assertThrows(DirectoryLockedException.class, () -> DirectoryLock.acquire(parent));
            assertTrue(second.isHeld());
        }
    }
}

package io.millrace.server.cli;

import io.millrace.server.DriverMode;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerContext;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.agrona.IoUtil;

/** A server on threads of this process, in directories of its own. */
final class TestServer implements AutoCloseable {

    /** The next start looks through what is left of the segment, which takes a second and more if that is a gigabyte. */
    private static final long SEGMENT_BYTES = 16 * 1024 * 1024;

    private final Path aeronDirectory = Path.of("/dev/shm", "millrace-cli-" + UUID.randomUUID());
    private final Path directory;
    private final List<String> channels;
    private MillraceServer server;

    TestServer(final Path directory) {
        this(directory, List.of("aeron:ipc"));
    }

    TestServer(final Path directory, final List<String> channels) {
        this.directory = directory;
        this.channels = channels;
        start();
    }

    void start() {
        server = MillraceServer.launch(new ServerContext()
                .directory(directory)
                .segmentBytes(SEGMENT_BYTES)
                .aeronDirectoryName(aeronDirectory.toString())
                .channels(channels)
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("backoff"));
    }

    void stop() {
        server.close();
    }

    Path directory() {
        return directory;
    }

    Path aeronDirectory() {
        return aeronDirectory;
    }

    @Override
    public void close() {
        stop();
        IoUtil.delete(aeronDirectory.toFile(), true);
    }
}

package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.ServerProperties;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line over the network, and what it says of snapshots. */
class UdpCommandsTest {

    @TempDir
    Path directory;

    @Test
    void shouldSendAndReceiveOverUdp() {
        try (TestServer server = new TestServer(directory, List.of("aeron:ipc", "aeron:udp?endpoint=127.0.0.1:0"))) {
            final String channel = ServerProperties.read(directory).channels().get(1);
            assertTrue(channel.startsWith("aeron:udp?endpoint=127.0.0.1:"), channel);

            over(channel, "create", "orders");
            over(channel, "send", "orders", "over the network");

            assertTrue(over(channel, "receive", "orders", "--wait", "5s").contains("body=\"over the network\""));
            assertTrue(server.directory().equals(directory));
        }
    }

    @Test
    void shouldServeClientsWhereUdpIsTheOnlyChannel() {
        try (TestServer server = new TestServer(directory, List.of("aeron:udp?endpoint=127.0.0.1:0"))) {
            Cli.done("queue", "create", "orders", "--dir", server.directory());

            assertEquals(
                    1, Cli.done("queue", "list", "--dir", directory).lines().size());
        }
    }

    private String over(final String channel, final String command, final String... rest) {
        final Object[] line = new Object[6 + rest.length];
        line[0] = "queue";
        line[1] = command;
        System.arraycopy(rest, 0, line, 2, rest.length);
        line[2 + rest.length] = "--channel";
        line[3 + rest.length] = channel;
        line[4 + rest.length] = "--dir";
        line[5 + rest.length] = directory;
        return Cli.done(line).out();
    }
}

package io.millrace.server.cli;

import io.millrace.client.ClientContext;
import io.millrace.server.ServerCounters;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server can be reached.
 *
 * @param aeronDirectory directory of the media driver.
 * @param channel        ingress channel.
 * @param streamId       ingress stream.
 * @param named          directory of the server, null if none was named.
 */
record ServerAddress(String aeronDirectory, String channel, int streamId, Path named) {

    /** {@return settings of a client that finds the server} */
    ClientContext context() {
        return new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .ingressChannel(channel)
                .ingressStreamId(streamId);
    }

    /**
     * Fails at once if nobody can answer, where connecting would wait for its time-out.
     *
     * @return this.
     */
    ServerAddress requireServer() {
        if (!DriverProbe.isAlive(Path.of(aeronDirectory)) || isIpc() && !hasServerCounters()) {
            throw new CommandFailure("No server runs on " + aeronDirectory
                    + ": start one with ./millrace server, or name a running one with --dir or --aeron-dir.");
        }
        return this;
    }

    private boolean isIpc() {
        return channel.startsWith("aeron:ipc");
    }

    /** A driver that serves others too may be alive without a server. */
    private boolean hasServerCounters() {
        try (DriverProbe probe = DriverProbe.openOrNull(Path.of(aeronDirectory))) {
            return probe != null && findCounter(probe, ServerCounters.Id.SENDS) >= 0;
        }
    }

    /**
     * Finds a counter of the server.
     *
     * @param probe of its driver.
     * @param id    which one.
     * @return its counter id, or -1.
     */
    int findCounter(final DriverProbe probe, final ServerCounters.Id id) {
        return ServerCounters.find(probe.counters(), id, named);
    }

    /**
     * Directory of the server: the one that was named, else from the label of its counters.
     *
     * @return the directory, empty if there is no server.
     */
    Optional<Path> directory() {
        if (named != null) {
            return Optional.of(named);
        }
        try (DriverProbe probe = DriverProbe.openOrNull(Path.of(aeronDirectory))) {
            final int counterId = probe == null ? -1 : findCounter(probe, ServerCounters.Id.SENDS);
            if (counterId < 0) {
                return Optional.empty();
            }
            return Optional.of(ServerCounters.directory(probe.counters().getCounterLabel(counterId)));
        }
    }
}

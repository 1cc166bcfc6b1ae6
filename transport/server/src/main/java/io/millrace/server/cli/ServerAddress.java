package io.millrace.server.cli;

import io.millrace.server.ServerCounters;
import java.nio.file.Path;
import java.util.Optional;
import org.agrona.concurrent.status.CountersReader;

/**
 * Where a server can be reached.
 *
 * @param aeronDirectory directory of the media driver.
 * @param channel        ingress channel.
 * @param streamId       ingress stream.
 */
record ServerAddress(String aeronDirectory, String channel, int streamId) {

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
            return probe != null && findCounter(probe.counters(), ServerCounters.Id.SENDS) >= 0;
        }
    }

    /**
     * Finds a counter of the server.
     *
     * @param counters all counters of the driver.
     * @param id       which one.
     * @return its counter id, or -1.
     */
    static int findCounter(final CountersReader counters, final ServerCounters.Id id) {
        for (int i = 0; i <= counters.maxCounterId(); i++) {
            final int state = counters.getCounterState(i);
            if (state == CountersReader.RECORD_UNUSED) {
                break;
            }
            if (state == CountersReader.RECORD_ALLOCATED && counters.getCounterTypeId(i) == id.typeId()) {
                return i;
            }
        }
        return CountersReader.NULL_COUNTER_ID;
    }

    /**
     * Directory of the server, from the label of its counters.
     *
     * @return the directory, empty if there is no server.
     */
    Optional<Path> directory() {
        try (DriverProbe probe = DriverProbe.openOrNull(Path.of(aeronDirectory))) {
            final int counterId = probe == null ? -1 : findCounter(probe.counters(), ServerCounters.Id.SENDS);
            if (counterId < 0) {
                return Optional.empty();
            }
            final String label = probe.counters().getCounterLabel(counterId);
            return Optional.of(Path.of(label.substring(label.indexOf(": ") + 2)));
        }
    }
}

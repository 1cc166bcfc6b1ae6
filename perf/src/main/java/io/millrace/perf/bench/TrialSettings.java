package io.millrace.perf.bench;

import io.millrace.perf.floor.EchoSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * What the two processes of a trial have to know.
 *
 * @param rig              which rig runs: rtt, throughput, openloop, put, count, or one of {@link SharedReadCommand}.
 * @param target           what it measures.
 * @param udp              whether messages go through the loopback network instead of shared memory.
 * @param size             bytes of a message.
 * @param messagesPerFrame messages sent together.
 * @param producers        sessions that send.
 * @param consumers        sessions that consume.
 * @param rate             messages a second for openloop; messages in all for count; shards for put; records a second for latencies of reading.
 * @param durability       memory, process or disk.
 * @param mostWarmUpNs     longest time before anything counts.
 * @param durationNs       time that counts.
 */
record TrialSettings(
        String rig,
        Target target,
        boolean udp,
        int size,
        int messagesPerFrame,
        int producers,
        int consumers,
        long rate,
        String durability,
        long mostWarmUpNs,
        long durationNs) {
    private static final int FIELDS = 11;
    private static final int REQUEST_PORT = 24_867;
    private static final int REPLY_PORT = 24_868;

    /** {@return the fields as arguments of a child process} */
    List<String> toArgs() {
        return List.of(
                rig,
                target.word(),
                Boolean.toString(udp),
                Integer.toString(size),
                Integer.toString(messagesPerFrame),
                Integer.toString(producers),
                Integer.toString(consumers),
                Long.toString(rate),
                durability,
                Long.toString(mostWarmUpNs),
                Long.toString(durationNs));
    }

    /**
     * Reads what {@link #toArgs} wrote.
     *
     * @param args arguments that begin with the fields.
     * @return the settings.
     */
    static TrialSettings fromArgs(final String[] args) {
        return new TrialSettings(
                args[0],
                Target.of(args[1]),
                Boolean.parseBoolean(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]),
                Integer.parseInt(args[6]),
                Long.parseLong(args[7]),
                args[8],
                Long.parseLong(args[9]),
                Long.parseLong(args[10]));
    }

    /** The directories follow the settings. */
    static String aeronDirectory(final String[] args) {
        return args[FIELDS];
    }

    static Path directory(final String[] args) {
        return Path.of(args[FIELDS + 1]);
    }

    /** Arguments that follow the directories, if any. */
    static long further(final String[] args, final int index) {
        return Long.parseLong(args[FIELDS + 2 + index]);
    }

    /** {@return whether server and client have to leave their core to each other} */
    boolean sharesItsCore() {
        return PutRateTrial.RIG.equals(rig);
    }

    /** {@return whether the sends are protected against a second execution, of which 64 can be under way} */
    boolean isProtected() {
        return "rtt".equals(rig);
    }

    /** {@return channel to the server} */
    String requestChannel() {
        return udp ? "aeron:udp?endpoint=127.0.0.1:" + REQUEST_PORT : "aeron:ipc";
    }

    EchoSettings echo(final String aeronDirectory) {
        final String replyChannel = udp ? "aeron:udp?endpoint=127.0.0.1:" + REPLY_PORT : "aeron:ipc";
        return new EchoSettings(aeronDirectory, requestChannel(), replyChannel);
    }
}

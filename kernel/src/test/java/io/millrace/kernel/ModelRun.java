package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One run of kernel and model side by side; everything in it is drawn from the seed. */
final class ModelRun {

    private static final long MS = 1_000_000L;
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final int STEPS_BETWEEN_CHECKS = 1_000;
    private static final int STEPS_REMEMBERED = Integer.getInteger("millrace.remembered", 30);
    private static final int MOST_CLOCKS = 10_000;
    private static final int SESSIONS = 5;
    private static final List<String> PRINCIPALS = List.of("", "", "alice", "bob");

    private final Random random;
    private final Deque<Supplier<String>> lately = new ArrayDeque<>();
    private final Map<ModelState.Handle, Receipt> receipts = new HashMap<>();
    private final Map<List<Long>, Long> cursors = new HashMap<>();
    private final KernelModel model;
    private final KernelPeer peer;
    private final RandomCommands commands;
    private final ReplayHost host;
    private Consumer<Event> listener = event -> {};
    private long browsedQueueId;
    private long nowNs = START_NS;
    private long nextSessionId = 1;

    ModelRun(final long seed) {
        random = new Random(seed);
        final RandomLimits limits = new RandomLimits(random);
        model = new KernelModel(values(limits.limits()), nowNs);
        final long secret0 = random.nextLong();
        final long secret1 = random.nextLong();
        peer = new KernelPeer(nowNs, secret0, secret1, limits.limits());
        commands = new RandomCommands(random, model.state, limits.areScarce());
        host = new ReplayHost(random, model, peer);
        model.boot(nowNs);
    }

    /** Takes the steps and returns the log of everything that the kernel was given. */
    static List<LogRecord> record(final long seed, final int steps) {
        final ModelRun run = new ModelRun(seed);
        run.peer.keepLog();
        run.run(steps);
        return run.peer.log();
    }

    /** Shows everything that is told to the listener. */
    ModelRun listening(final Consumer<Event> told) {
        listener = told;
        return this;
    }

    /** Takes the steps, comparing after each one. */
    void run(final int steps) {
        for (int i = 1; i <= steps; i++) {
            try {
                step();
                compare();
                if (i % STEPS_BETWEEN_CHECKS == 0) {
                    peer.checkState();
                }
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError("step " + i + " after\n" + lately(), failure);
            }
        }
    }

    private void step() {
        final int draw = random.nextInt(1_000);
        if (draw < 12 || model.state.sessions.isEmpty()) {
            openSession();
        } else if (draw < 20) {
            closeSession();
        } else if (draw < 21) {
            boot();
        } else if (draw < 23) {
            restore();
        } else if (draw < 32 && !model.state.streams.awaited().isEmpty()) {
            openShards();
        } else if (draw < 60 && host.hasLogsToOpen()) {
            say(() -> "log ready");
            host.openLog(nowNs);
            clock();
        } else if (draw < 150) {
            nowNs = random.nextInt(50) == 0 ? model.endOfThrottlingNs(nowNs) : nowNs + step(random);
            clock();
        } else if (random.nextInt(6) == 0 && host.hasReplays()) {
            replay();
        } else if (draw < 200) {
            command(commands.query());
        } else {
            nowNs += random.nextInt(8) == 0 ? random.nextInt((int) MS) : 0;
            command(null);
        }
    }

    private void boot() {
        say(() -> "boot");
        peer.boot(nowNs);
        model.boot(nowNs);
        clock();
    }

    private void restore() {
        say(() -> "snapshot and restore");
        peer.restore();
    }

    /** The host goes on with a replay; now and then the server starts from a snapshot in the middle of it. */
    private void replay() {
        if (random.nextInt(30) == 0) {
            restore();
            boot();
        } else {
            say(host.handOver(nowNs));
            workOffIfPending();
        }
    }

    private static long step(final Random random) {
        if (random.nextInt(1_500) == 0) {
            return ModelArchives.LOOK_NS;
        }
        return random.nextInt(10) == 0 ? random.nextInt(50) * MS : random.nextInt(3) * MS;
    }

    private void command(final Command asked) {
        final long sessionId = model.state.sessions.keySet().stream()
                .skip(random.nextInt(model.state.sessions.size()))
                .findFirst()
                .orElseThrow();
        final Command command = asked == null ? commands.next(sessionId) : asked;
        if (command.isQuery()) {
            workOff();
            say(() -> sessionId + " " + command);
            peer.query(nowNs, sessionId, withKernelsCursor(command));
            model.query(sessionId, command);
            return;
        }
        say(() -> sessionId + " " + command);
        peer.apply(nowNs, sessionId, command);
        model.apply(nowNs, sessionId, command);
        final boolean startsSomething =
                command instanceof Command.SetQueueSettings || command instanceof Command.StartRedrive;
        if (startsSomething) {
            workOff();
        } else {
            workOffIfPending();
        }
    }

    private void workOffIfPending() {
        if (peer.workPending()) {
            workOff();
        }
    }

    /** Lets everything happen that is left to do, but now and then a publication wait while other things happen. */
    private void workOff() {
        if (!peer.hasOnlyToPublish() || random.nextInt(3) == 0) {
            clock();
        }
    }

    /** Lets everything happen that is due. */
    private void clock() {
        say(() -> "clock");
        int clocks = 0;
        do {
            peer.clock(nowNs);
            model.onClock(nowNs);
            assertTrue(++clocks < MOST_CLOCKS, "work is pending after so many clock records");
        } while (peer.workPending() || model.timersAreLeft());
    }

    /** The logs are open that a stream waits for. */
    private void openShards() {
        final ModelStreams.Stream stream = model.state.streams.awaited().get(0);
        say(() -> "shards of " + stream.id + " ready");
        peer.shardsReady(nowNs, stream.id, stream.lastShardId());
        model.shardsReady(nowNs, stream.id);
        clock();
    }

    private void openSession() {
        if (model.state.sessions.size() >= SESSIONS) {
            return;
        }
        final long sessionId = nextSessionId++;
        final String principal = principal(sessionId);
        say(() -> "open " + sessionId + " '" + principal + "'");
        peer.openSession(nowNs, sessionId, principal);
        model.openSession(nowNs, sessionId, principal);
    }

    /** Who a session belongs to, or belonged to: the record that closes it may bring it something before. */
    private static String principal(final long sessionId) {
        return PRINCIPALS.get((int) (sessionId % PRINCIPALS.size()));
    }

    private void closeSession() {
        final long sessionId = model.state.sessions.firstKey();
        say(() -> "close " + sessionId);
        peer.closeSession(nowNs, sessionId);
        model.closeSession(nowNs, sessionId);
        clock();
    }

    /** A cursor is the kernel's own matter: the model's stands for it. */
    private Command withKernelsCursor(final Command command) {
        if (!(command instanceof Command.BrowseMessages browse)) {
            return command;
        }
        browsedQueueId = browse.queueId();
        return new Command.BrowseMessages(
                browse.correlationId(),
                browse.queueId(),
                cursors.getOrDefault(List.of(browse.queueId(), browse.cursor()), 0L),
                browse.maxMessages(),
                browse.available(),
                browse.delayed(),
                browse.inFlight());
    }

    private void compare() {
        final Map<Long, List<Event>> expected = bySession(model.drain());
        final List<Emitted> bare = new ArrayList<>();
        for (final Emitted line : peer.drain()) {
            listener.accept(line.event());
            bare.add(new Emitted(line.sessionId(), bare(line.sessionId(), line.event())));
        }
        final Map<Long, List<Event>> actual = bySession(bare);
        learnCursors(expected, actual);
        if (!expected.equals(actual)) {
            assertEquals(inFull(expected), inFull(actual));
        }
        assertEquals(
                inOrder(model.state.streams.drainRecords()),
                inOrder(host.ofInterest(peer.drainLogs())),
                "what the record logs were told");
        assertEquals(model.state.blobs.drainUnused(), peer.drainUnusedBlobs(), "blobs that nothing needs any more");
        assertEquals(model.isPublishing(), peer.isPublishing(), "whether publications are still to be brought");
        compareDeadlines();
    }

    /** What was put in its order; in which order the logs are told of several replays and archives says nothing. */
    private static List<String> inOrder(final List<String> lines) {
        return lines.stream()
                .sorted(Comparator.comparing(line -> line.startsWith("append") ? "" : line))
                .toList();
    }

    /** What is left of a deleted queue keeps its timers until its slice comes; a kernel may wake up for its own sake. */
    private void compareDeadlines() {
        if (peer.workPending()) {
            return;
        }
        final long deadlineNs = model.nextDeadlineNs();
        assertTrue(
                peer.nextDeadlineNs() <= deadlineNs,
                () -> "next deadline " + peer.nextDeadlineNs() + " after " + deadlineNs);
    }

    /** The event without what only the kernel can know; a delivery told again must have the same receipt. */
    private Event bare(final long sessionId, final Event event) {
        if (event instanceof Event.Claim claim) {
            return new Event.Claim((Event.Delivery) bare(sessionId, claim.delivery()), claim.blob());
        } else if (event instanceof ArchiveEvent.Replayed replayed) {
            return new ArchiveEvent.Replayed((Event.Delivery) bare(sessionId, replayed.delivery()));
        } else if (event instanceof Event.Delivery delivery) {
            model.bind(delivery.receipt(), principal(sessionId), delivery);
            final Receipt before =
                    receipts.putIfAbsent(model.state.handles.get(delivery.receipt()), delivery.receipt());
            assertTrue(before == null || before.equals(delivery.receipt()), "two receipts of one delivery");
            commands.learn(delivery, principal(sessionId));
            return delivery.withoutReceipt();
        }
        return event;
    }

    private void learnCursors(final Map<Long, List<Event>> expected, final Map<Long, List<Event>> actual) {
        expected.forEach((sessionId, events) -> {
            final List<Event> others = actual.getOrDefault(sessionId, List.of());
            for (int i = 0; i < Math.min(events.size(), others.size()); i++) {
                if (events.get(i) instanceof Event.BrowseEnd right
                        && others.get(i) instanceof Event.BrowseEnd other
                        && right.nextCursor() != 0
                        && other.nextCursor() != 0) {
                    cursors.put(List.of(browsedQueueId, right.nextCursor()), other.nextCursor());
                    commands.learnCursor(browsedQueueId, right.nextCursor());
                    others.set(i, new Event.BrowseEnd(other.correlationId(), right.nextCursor(), other.messageCount()));
                }
            }
        });
    }

    private Map<Long, List<Event>> bySession(final List<Emitted> lines) {
        final Map<Long, List<Event>> events = new TreeMap<>();
        lines.forEach(line -> events.computeIfAbsent(line.sessionId(), id -> new ArrayList<>())
                .add(line.event()));
        events.values().forEach(ModelRun::sortAlarms);
        return events;
    }

    /** Which of several queues raises its alarm first says nothing. */
    private static void sortAlarms(final List<Event> events) {
        for (int from = 0; from < events.size(); from++) {
            int to = from;
            while (to < events.size() && events.get(to) instanceof Event.QueueAlarm) {
                to++;
            }
            events.subList(from, to).sort(Comparator.comparingLong(event -> ((Event.QueueAlarm) event).queueId()));
            from = to;
        }
    }

    private static String inFull(final Map<Long, List<Event>> events) {
        final StringBuilder text = new StringBuilder();
        events.forEach((sessionId, told) -> told.forEach(event -> text.append(sessionId)
                .append(": ")
                .append(Fields.of((Record) event))
                .append('\n')));
        return text.toString();
    }

    private void say(final Supplier<String> line) {
        if (lately.size() == STEPS_REMEMBERED) {
            lately.removeFirst();
        }
        final long sinceNs = nowNs - START_NS;
        lately.addLast(() -> sinceNs + " " + line.get());
    }

    private String lately() {
        return lately.stream().map(Supplier::get).collect(Collectors.joining("\n"));
    }

    private static Map<LimitId, Long> values(final Limits limits) {
        final Map<LimitId, Long> values = new EnumMap<>(LimitId.class);
        for (final LimitId id : LimitId.values()) {
            if (id != LimitId.NONE && id != LimitId.NULL_VAL) {
                values.put(id, limits.get(id));
            }
        }
        return values;
    }
}

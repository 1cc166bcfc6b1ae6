package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;

/** One run of kernel and model side by side; everything in it is drawn from the seed. */
final class ModelRun {

    private static final long MS = 1_000_000L;
    private static final int STEPS_BETWEEN_HASHES = 1_000;
    private static final int STEPS_REMEMBERED = 30;
    private static final int SESSIONS = 5;
    private static final int FRAME_OFFSET = 8;

    private final Random random;
    private final RecordingEgress egress = new RecordingEgress();
    private final FrameValidator validator = new FrameValidator();
    private final CommandWriter writer = new CommandWriter();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256 * 1024);
    private final LogWriter logWriter = new LogWriter(buffer, FRAME_OFFSET);
    private final List<LogRecord> log = new ArrayList<>();
    private final Deque<String> lately = new ArrayDeque<>();
    private final KernelModel model;
    private final RandomCommands commands;
    private Kernel kernel = new Kernel(egress);
    private LogDispatcher dispatcher = new LogDispatcher(kernel);
    private boolean recording;
    private long nowNs = 1_700_000_000_000_000_000L;
    private long nextSessionId = 1;
    private long bootEpoch;

    ModelRun(final long seed) {
        random = new Random(seed);
        final Limits limits = drawLimits();
        model = new KernelModel(values(limits), nowNs);
        commands = new RandomCommands(random, model.state());
        recording = true;
        journal(0, logWriter.genesis(random.nextLong(), random.nextLong(), 1));
        journal(0, logWriter.configure(limits));
        journal(0, logWriter.boot(++bootEpoch));
        recording = false;
    }

    /** Takes the steps and returns the log of everything that the kernel was given. */
    static List<LogRecord> record(final long seed, final int steps) {
        final ModelRun run = new ModelRun(seed);
        run.recording = true;
        run.run(steps);
        return run.log;
    }

    /** Takes the steps, comparing after each one. */
    void run(final int steps) {
        for (int i = 1; i <= steps; i++) {
            try {
                step();
                compare();
                if (i % STEPS_BETWEEN_HASHES == 0) {
                    assertEquals(kernel.recomputeStateHash(), kernel.stateHash(), "state hash");
                    assertEquals(
                            DerivedState.of(Snapshots.copy(kernel, new RecordingEgress())),
                            DerivedState.of(kernel),
                            "what is derived from the state");
                }
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError("step " + i + " after\n" + String.join("\n", lately), failure);
            }
        }
    }

    private void step() {
        final int draw = random.nextInt(1_000);
        if (draw < 12 || model.state().sessions.isEmpty()) {
            openSession();
        } else if (draw < 20) {
            closeSession();
        } else if (draw < 21) {
            boot();
        } else if (draw < 23) {
            restore();
        } else if (draw < 150) {
            nowNs += random.nextInt(10) == 0 ? random.nextInt(50) * MS : random.nextInt(3) * MS;
            clock();
        } else if (draw < 200) {
            clock();
            command(commands.query());
        } else {
            nowNs += random.nextInt(8) == 0 ? random.nextInt((int) MS) : 0;
            command(null);
        }
    }

    private void command(final Command asked) {
        final long sessionId = model.state().sessions.keySet().stream()
                .skip(random.nextInt(model.state().sessions.size()))
                .findFirst()
                .orElseThrow();
        final Command command = asked == null ? commands.next(sessionId) : asked;
        if (command.isQuery()) {
            clock();
        }
        say(sessionId + " " + command);
        final int length = writer.write(buffer, FRAME_OFFSET, sessionId, command);
        assertEquals(ResultCode.OK, validator.validate(buffer, FRAME_OFFSET, length));
        if (command.isQuery()) {
            kernel.query(nowNs, sessionId, buffer, FRAME_OFFSET, length);
            model.query(sessionId, command);
        } else {
            journal(sessionId, length);
            model.apply(nowNs, sessionId, command);
            if (kernel.workPending()) {
                clock();
            }
        }
    }

    private void clock() {
        say("clock");
        do {
            journal(0, logWriter.clock());
            model.onClock(nowNs);
        } while (kernel.workPending() || model.timersAreLeft());
    }

    private void openSession() {
        if (model.state().sessions.size() >= SESSIONS) {
            return;
        }
        final long sessionId = nextSessionId++;
        final String principal = sessionId % 5 == 0 ? "alice" : "";
        say("open " + sessionId + " '" + principal + "'");
        journal(0, logWriter.sessionOpened(sessionId, principal));
        model.openSession(nowNs, sessionId, principal);
    }

    private void closeSession() {
        final long sessionId = model.state().sessions.firstKey();
        say("close " + sessionId);
        journal(0, logWriter.sessionClosed(sessionId));
        model.closeSession(nowNs, sessionId);
        clock();
    }

    private void boot() {
        say("boot");
        journal(0, logWriter.boot(++bootEpoch));
        model.boot(nowNs);
        clock();
    }

    /** Goes on with a kernel read back from a snapshot. */
    private void restore() {
        say("snapshot and restore");
        kernel = Snapshots.copy(kernel, egress);
        dispatcher = new LogDispatcher(kernel);
    }

    private void journal(final long sessionId, final int length) {
        if (recording) {
            final byte[] frame = new byte[length];
            buffer.getBytes(FRAME_OFFSET, frame);
            log.add(new LogRecord(nowNs, sessionId, frame));
        }
        dispatcher.onRecord(nowNs, sessionId, buffer, FRAME_OFFSET, length);
    }

    private void compare() {
        final Map<Long, List<Event>> expected = bySession(model.drain());
        final List<Emitted> drained = egress.drain();
        final List<Emitted> bare = new ArrayList<>();
        for (final Emitted line : drained) {
            if (line.event() instanceof Event.Delivery delivery) {
                model.bind(delivery.receipt(), line.sessionId(), delivery);
                commands.learn(delivery);
                bare.add(new Emitted(line.sessionId(), delivery.withoutReceipt()));
            } else {
                bare.add(line);
            }
        }
        final Map<Long, List<Event>> actual = bySession(bare);
        if (!expected.equals(actual)) {
            assertEquals(inFull(expected), inFull(actual));
        }
        // What is left of a deleted queue keeps its timers until its slice comes.
        if (!kernel.workPending()) {
            final long deadlineNs = model.state().timers.isEmpty()
                    ? Long.MAX_VALUE
                    : model.state().timers.first().deadlineNs;
            // Nothing is so old that its retention would matter.
            final long soonNs = nowNs + 3_600_000 * MS;
            assertEquals(Math.min(deadlineNs, soonNs), Math.min(kernel.nextDeadlineNs(), soonNs), "next deadline");
        }
    }

    private static Map<Long, List<Event>> bySession(final List<Emitted> lines) {
        final Map<Long, List<Event>> events = new TreeMap<>();
        lines.forEach(line -> events.computeIfAbsent(line.sessionId(), id -> new ArrayList<>())
                .add(line.event()));
        return events;
    }

    private static String inFull(final Map<Long, List<Event>> events) {
        final StringBuilder text = new StringBuilder();
        events.forEach((sessionId, told) -> told.forEach(event -> text.append(sessionId)
                .append(": ")
                .append(Fields.of((Record) event))
                .append('\n')));
        return text.toString();
    }

    private void say(final String line) {
        if (lately.size() == STEPS_REMEMBERED) {
            lately.removeFirst();
        }
        lately.addLast(nowNs % (1_000_000 * MS) + " " + line);
    }

    /** Small limits, so that all of them are met; how small is drawn. */
    private Limits drawLimits() {
        return Limits.nativeProfile()
                .with(LimitId.MESSAGE_BYTES, random.nextInt(3) == 0 ? 200 : 120_000)
                .with(LimitId.BATCH_ENTRIES, 10)
                .with(LimitId.ATTRIBUTES, 3)
                .with(LimitId.ATTRIBUTE_NAME_BYTES, 8)
                .with(LimitId.DELAY, 50 * MS)
                .with(LimitId.VISIBILITY, 70 * MS)
                .with(LimitId.WAIT, 60 * MS)
                .with(LimitId.RECEIVE_MESSAGES, 10)
                .with(LimitId.RECEIVE_BYTES, random.nextBoolean() ? 100 : 2_000)
                .with(LimitId.NAME_BYTES, 16)
                .with(LimitId.QUEUES, 2 + random.nextInt(6))
                .with(LimitId.MESSAGES, random.nextBoolean() ? 40 : 400)
                .with(LimitId.ARENA_BYTES, random.nextInt(3) == 0 ? 4_000 : 4_000_000)
                .with(LimitId.PRODUCERS, 3)
                .with(LimitId.CREDIT_MESSAGES, 20)
                .with(LimitId.CREDIT_BYTES, 2_000)
                .with(LimitId.WAITERS, 2)
                .with(LimitId.CONSUMERS, 2)
                .with(LimitId.TRANSFERS, 2)
                .with(LimitId.TRANSFER_BYTES, 150_000)
                .with(LimitId.LIST_ENTRIES, 4);
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

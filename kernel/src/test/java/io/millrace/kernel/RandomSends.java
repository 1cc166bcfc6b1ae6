package io.millrace.kernel;

import io.millrace.codecs.Switch;
import io.millrace.kernel.Payload.Attribute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws messages. */
final class RandomSends {

    private static final int FEW = 5;

    private final RandomValues values;
    private final Random random;
    private long unique;

    RandomSends(final RandomValues values) {
        this.values = values;
        random = values.random;
    }

    Command send(final long correlationId, final long queueId) {
        final boolean text = values.beyondPlain(5);
        final boolean eachEntry = values.beyondPlain(4);
        return new Command.SendMessages(
                correlationId, values.producer(), queueId, text, eachEntry, entries(queueId, text));
    }

    /** Messages whose content is in a blob. */
    Command sendClaims(final long correlationId, final long queueId, final RandomBlobCommands blobs) {
        return new Command.Claim(new Command.SendMessages(
                correlationId,
                values.producer(),
                queueId,
                values.oneIn(40),
                values.oneIn(4),
                Stream.generate(() -> entry(queueId, payload(queueId, blobs.body())))
                        .limit(1 + random.nextInt(3))
                        .toList()));
    }

    private List<Command.Entry> entries(final long queueId, final boolean text) {
        final int count = values.oneIn(40) ? 11 : values.oneIn(40) ? 0 : 1 + random.nextInt(values.oneIn(4) ? 10 : 2);
        return IntStream.range(0, count)
                .mapToObj(i -> entry(queueId, payload(queueId, body(text))))
                .toList();
    }

    /** A message with times and a priority that fit the queue, most of the time. */
    Command.Entry entry(final long queueId, final Payload payload) {
        final boolean fifo = values.isFifo(queueId);
        final boolean scheduled = values.beyondPlain(fifo ? 100 : 8);
        final boolean delayed = scheduled ? values.oneIn(30) : values.oneIn(4);
        return new Command.Entry(
                delayed ? delayNs(fifo) : null,
                scheduled
                        ? (Long) (values.state.nowNs + values.time() - (values.oneIn(4) ? RandomValues.MS : 0))
                        : null,
                values.beyondPlain(6) ? (Long) (values.oneIn(60) ? 0 : values.oddTime(13, 3, 10, 40)) : null,
                priority(queueId, fifo),
                payload);
    }

    private Long delayNs(final boolean fifo) {
        return fifo && !values.oneIn(20) ? values.maybe(0) : values.maybe(values.time());
    }

    private int priority(final long queueId, final boolean fifo) {
        if (values.arePlain() || fifo) {
            return values.beyondPlain(60) ? 1 : 0;
        }
        final ModelState.Queue queue = values.state.queues.get(queueId);
        final int priorities = queue == null ? 1 : queue.settings.priorities();
        return random.nextInt(priorities + (values.oneIn(40) ? 1 : 0));
    }

    Payload payload(final long queueId, final String body) {
        final boolean fifo = values.isFifo(queueId);
        final boolean content =
                fifo && values.state.queues.get(queueId).settings.contentDeduplication() == Switch.ON;
        return payload(fifo, content, values.oneIn(4) ? attributes() : List.of(), body);
    }

    /** A payload with the ids that a queue or topic asks for, most of the time. */
    Payload payload(final boolean fifo, final boolean content, final List<Attribute> attributes, final String body) {
        return new Payload(
                attributes, body, group(fifo), deduplicationId(fifo, content), values.beyondPlain(20) ? "Root=1" : "");
    }

    String body(final boolean text) {
        if (values.beyondPlain(3)) {
            return same();
        }
        if (text && values.oneIn(5)) {
            return values.oneOf(
                    "",
                    "\t\n\r",
                    "bad\u0001",
                    "bad\u000b",
                    "\u00c3",
                    "\u00c3\u00a4",
                    "\u00ef\u00bf\u00bf",
                    "\u00ed\u00a0\u0080",
                    "\u00f0\u009f\u0098\u0080",
                    "\u00ef\u00bf\u00bd");
        }
        return values.text(random.nextInt(values.oneIn(6) ? 250 : 60));
    }

    private String same() {
        return "same" + random.nextInt(FEW);
    }

    private String group(final boolean fifo) {
        if (fifo) {
            return values.oneIn(60) ? wrongId("") : "g" + random.nextInt(4);
        }
        if (values.arePlain()) {
            return "";
        }
        return values.oneIn(60) ? wrongId("") : values.oneOf("", "a", "b", "c");
    }

    private String deduplicationId(final boolean fifo, final boolean content) {
        if (!fifo) {
            return values.beyondPlain(60) ? "d" : "";
        }
        if (values.oneIn(content ? 2 : 60)) {
            return values.oneIn(30) ? wrongId("x".repeat(70)) : "";
        }
        return values.oneIn(20) ? hash(same()) : values.oneIn(2) ? "d" + random.nextInt(FEW) : "u" + unique++;
    }

    /** Empty, too long, or with a character that an id cannot have. */
    private String wrongId(final String prefix) {
        return values.oneOf("", prefix + "toolong", "a b", "a\u007f", "\u00c3\u00a4");
    }

    private static String hash(final String body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Payload.raw(body)));
        } catch (final NoSuchAlgorithmException failure) {
            throw new AssertionError(failure);
        }
    }

    List<Attribute> attributes() {
        final List<Attribute> attributes = new ArrayList<>();
        final int count = random.nextInt(values.oneIn(5) ? 5 : 3);
        for (int i = 0; i < count; i++) {
            final int type = values.oneIn(30) ? random.nextInt(256) : 1 + random.nextInt(3);
            final String name = values.oneIn(30) ? values.text(random.nextInt(12)) : "name" + i;
            final String value = type == 2 && !values.oneIn(20)
                    ? String.valueOf(random.nextInt(99))
                    : values.text(random.nextInt(9));
            attributes.add(new Attribute(type, name, values.oneIn(3) ? "int" : "", value));
        }
        return attributes;
    }
}

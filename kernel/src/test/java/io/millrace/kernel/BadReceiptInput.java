package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.DELETED;
import static io.millrace.kernel.BadInputWorld.FIFO;
import static io.millrace.kernel.BadInputWorld.MALLORY;
import static io.millrace.kernel.BadInputWorld.PURGED;
import static io.millrace.kernel.BadInputWorld.SOURCE;
import static io.millrace.kernel.BadInputWorld.STANDARD;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.MS;

import io.millrace.codecs.Disposition;
import io.millrace.kernel.BadInputTest.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What can be wrong about receipts and about what is to be done with them. */
final class BadReceiptInput {
    private static final long TWELVE_HOURS = 43_200_000 * MS;

    private BadReceiptInput() {}

    static List<Row> rows(final BadInputWorld world) {
        final List<Row> rows = new ArrayList<>();
        final String invalid = "[0 INVALID_RECEIPT]";
        final String gone = "[0 GONE]";
        final String stale = "[0 STALE_RECEIPT]";
        final String done = "confirmed";
        all(rows, "forged", A, STANDARD, world.forged, invalid, invalid, invalid);
        all(rows, "of another queue", A, SOURCE, world.held, invalid, invalid, invalid);
        all(rows, "of somebody else", MALLORY, STANDARD, world.held, invalid, invalid, invalid);
        all(rows, "of a purged queue", A, PURGED, world.ofPurged, gone, done, gone);
        all(rows, "of a deleted queue", A, DELETED, world.ofDeleted, gone, done, gone);
        all(rows, "acknowledged before", A, STANDARD, world.gone, gone, done, gone);
        all(rows, "delivered again since", A, STANDARD, world.stale, stale, done, stale);
        rows.add(acknowledge("expired", A, STANDARD, List.of(world.expired), stale));
        rows.add(settle("expired", A, STANDARD, settlements(world.expired, null, Disposition.RETRY), stale));
        rows.add(acknowledge("expired, FIFO", A, FIFO, List.of(world.expiredOfFifo), stale));
        rows.add(delete("expired, FIFO", A, FIFO, List.of(world.expiredOfFifo), "[0 RECEIPT_EXPIRED]"));
        counts(rows, "none", List.of(), "EMPTY_BATCH");
        counts(rows, "too many", Collections.nCopies(257, world.held), "LIMIT_EXCEEDED BATCH_ENTRIES 256 257");
        times(rows, world);
        return rows;
    }

    /** A receipt that is wrong for all; deleting has answers of its own. */
    private static void all(
            final List<Row> rows,
            final String what,
            final long session,
            final long queue,
            final Receipt receipt,
            final String acknowledged,
            final String deleted,
            final String changed) {
        rows.add(acknowledge(what, session, queue, List.of(receipt), acknowledged));
        rows.add(delete(what, session, queue, List.of(receipt), deleted));
        rows.add(change(what, session, queue, List.of(new Command.Change(receipt, 5)), changed));
        for (final Disposition disposition : List.of(Disposition.RETRY, Disposition.RELEASE, Disposition.REJECT)) {
            final String which = what + ", " + disposition;
            rows.add(settle(which, session, queue, settlements(receipt, null, disposition), changed));
        }
    }

    private static void counts(
            final List<Row> rows, final String what, final List<Receipt> receipts, final String answer) {
        rows.add(acknowledge(what, A, STANDARD, receipts, answer));
        rows.add(delete(what, A, STANDARD, receipts, answer));
        rows.add(change(
                what,
                A,
                STANDARD,
                receipts.stream().map(receipt -> new Command.Change(receipt, 5)).toList(),
                answer));
        rows.add(settle(
                what,
                A,
                STANDARD,
                receipts.stream()
                        .map(receipt -> new Command.Settlement(receipt, null, Disposition.RETRY))
                        .toList(),
                answer));
    }

    private static void times(final List<Row> rows, final BadInputWorld world) {
        final long rest = TWELVE_HOURS - 10 * MS;
        final String over = "[0 LIMIT_EXCEEDED VISIBILITY " + TWELVE_HOURS + " " + (TWELVE_HOURS + 1) + "]";
        rows.add(change("-1", A, STANDARD, List.of(new Command.Change(world.held, -1)), "[0 INVALID_ARGUMENT]"));
        rows.add(change(
                "beyond twelve hours from the receive",
                A,
                STANDARD,
                List.of(new Command.Change(world.held, rest + 1)),
                "[0 LIMIT_EXCEEDED VISIBILITY " + rest + " " + (rest + 1) + "]"));
        for (final Disposition disposition : List.of(Disposition.RETRY, Disposition.RELEASE)) {
            rows.add(settle(
                    disposition + " after -1",
                    A,
                    STANDARD,
                    settlements(world.held, -1L, disposition),
                    "[0 INVALID_ARGUMENT]"));
            rows.add(settle(
                    disposition + " after more than twelve hours",
                    A,
                    STANDARD,
                    settlements(world.held, TWELVE_HOURS + 1, disposition),
                    over));
        }
        rows.add(settle(
                "no disposition",
                A,
                STANDARD,
                settlements(world.held, null, Disposition.NULL_VAL),
                "[0 INVALID_ARGUMENT]"));
        rows.add(settle(
                "rejected to nowhere",
                A,
                STANDARD,
                settlements(world.held, null, Disposition.REJECT),
                "[0 NO_DEAD_LETTER_QUEUE]"));
    }

    private static List<Command.Settlement> settlements(
            final Receipt receipt, final Long delayNs, final Disposition disposition) {
        return List.of(new Command.Settlement(receipt, delayNs, disposition));
    }

    private static Row acknowledge(
            final String what,
            final long session,
            final long queue,
            final List<Receipt> receipts,
            final String answer) {
        return new Row(what, session, new Command.Acknowledge(1, NONE, queue, receipts), answer);
    }

    private static Row delete(
            final String what,
            final long session,
            final long queue,
            final List<Receipt> receipts,
            final String answer) {
        return new Row(what, session, new Command.DeleteMessages(1, NONE, queue, receipts), answer);
    }

    private static Row change(
            final String what,
            final long session,
            final long queue,
            final List<Command.Change> changes,
            final String answer) {
        return new Row(what, session, new Command.ChangeVisibility(1, NONE, queue, changes), answer);
    }

    private static Row settle(
            final String what,
            final long session,
            final long queue,
            final List<Command.Settlement> settlements,
            final String answer) {
        return new Row(what, session, new Command.SettleMessages(1, NONE, queue, settlements), answer);
    }
}

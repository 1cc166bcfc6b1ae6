package io.millrace.server.cli;

import io.millrace.store.DamageTable;
import io.millrace.store.DirectoryLock;
import io.millrace.store.DirectoryLockedException;
import io.millrace.store.JournalVerifier;
import io.millrace.store.RecoveryReport;
import io.millrace.store.SnapshotException;
import io.millrace.store.SnapshotStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a journal and the snapshots before it. */
@Command(
        name = "verify",
        description = "Checks the journal as a start would, replays it and checks the snapshots.",
        footer = {"", "Example:", "  millrace journal verify --dir ./millrace-data"})
final class JournalVerify implements Runnable {

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private OutputOptions output;

    private final List<String> problems = new ArrayList<>();

    @Override
    public void run() {
        final Path path = directory.path();
        final Findings findings = verify(path);
        print(path, findings);
        if (!problems.isEmpty()) {
            throw new CommandFailure(String.join("; ", problems));
        }
    }

    /**
     * What was found besides problems.
     *
     * @param report   the judgement of the journal's end.
     * @param isLive   whether a server is running on it.
     * @param records  records that count.
     * @param batches  batches that count.
     * @param check    the check of the state, null if there was none.
     * @param snapshots positions of the good snapshots, null if they were not looked at.
     */
    private record Findings(
            RecoveryReport report,
            boolean isLive,
            long records,
            long batches,
            StateCheck check,
            List<Long> snapshots) {}

    private Findings verify(final Path path) {
        try (DirectoryLock lock = DirectoryLock.acquire(path)) {
            return verify(lock.directory(), false);
        } catch (final DirectoryLockedException e) {
            return verify(path, true);
        }
    }

    private Findings verify(final Path path, final boolean isLive) {
        final RecoveryReport report = JournalVerifier.verify(path, isLive);
        if (report.judgement().verdict() == DamageTable.Verdict.REFUSE) {
            problems.add("The journal is damaged in " + report.stopFile() + " at byte " + report.stopFileAt()
                    + ": the last good record has position " + report.endPosition() + ", "
                    + report.judgement().reason()
                    + "; restore the directory from a copy, or give up what lies behind with "
                    + "millrace journal repair --end-at-damage --dir " + path);
        }
        // A running server writes snapshots, and opening their folder removes unfinished ones.
        final SnapshotStore store = isLive ? null : new SnapshotStore(path);
        final List<Long> snapshots = store == null ? null : goodSnapshots(store);
        final StateCheck check = stateCheck(report, store, snapshots);
        final long[] counts = new long[2];
        CountingScan.run(path, report, (file, filePosition, batch) -> {
            counts[0] += batch.recordCount();
            counts[1]++;
            return check == null || check.onBatch(file, filePosition, batch);
        });
        if (check != null && check.problem() != null) {
            problems.add("The replay stopped: " + check.problem());
        }
        return new Findings(report, isLive, counts[0], counts[1], check, snapshots);
    }

    private List<Long> goodSnapshots(final SnapshotStore store) {
        final List<Long> good = new ArrayList<>();
        for (final long position : store.positions()) {
            try {
                store.load(position, (buffer, offset, length) -> {});
                good.add(position);
            } catch (final SnapshotException e) {
                problems.add(e.getMessage());
            }
        }
        return good;
    }

    /** A check from the first record on, or from the oldest snapshot that the journal goes on behind. */
    private StateCheck stateCheck(final RecoveryReport report, final SnapshotStore store, final List<Long> snapshots) {
        if (report.basePosition() == 0) {
            return new StateCheck();
        }
        if (store == null) {
            return null;
        }
        for (final long position : snapshots) {
            if (position + 1 >= report.basePosition() && position <= report.endPosition()) {
                return new StateCheck(store, position);
            }
        }
        problems.add("The journal begins at position " + report.basePosition()
                + " and there is no good snapshot of what came before");
        return null;
    }

    private void print(final Path path, final Findings found) {
        final RecoveryReport report = found.report();
        final StateCheck check = found.check();
        final String state = check == null
                ? "The state was not checked: "
                        + (found.isLive() ? "a server is running." : "there is no start for it.")
                : "The state hash was checked in " + check.batches() + " batches from position " + check.fromPosition()
                        + ".";
        final String text = String.join(
                System.lineSeparator(),
                "The journal holds positions " + report.basePosition() + " to " + report.endPosition() + ": "
                        + found.records() + " records in " + found.batches() + " batches in "
                        + report.segments().size() + " files; "
                        + report.judgement().reason() + ".",
                state,
                found.snapshots() == null
                        ? "The snapshots were not checked: a server is running."
                        : "Good snapshots: " + found.snapshots().size() + ".");
        output.print(text, json -> {
            json.writeStringField("directory", path.toString());
            json.writeBooleanField("good", problems.isEmpty());
            json.writeStringField("judgement", report.judgement().name());
            json.writeNumberField("basePosition", report.basePosition());
            json.writeNumberField("endPosition", report.endPosition());
            json.writeNumberField("records", found.records());
            json.writeNumberField("batches", found.batches());
            json.writeNumberField("files", report.segments().size());
            json.writeNumberField("discarded", report.discarded());
            json.writeNumberField("stateCheckedBatches", check == null ? 0 : check.batches());
            json.writeArrayFieldStart("problems");
            for (final String problem : problems) {
                json.writeString(problem);
            }
            json.writeEndArray();
        });
    }
}

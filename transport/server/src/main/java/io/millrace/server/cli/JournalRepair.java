package io.millrace.server.cli;

import io.millrace.store.DamageTable;
import io.millrace.store.DirectoryLock;
import io.millrace.store.JournalException;
import io.millrace.store.JournalVerifier;
import io.millrace.store.RecoveryReport;
import io.millrace.store.SnapshotStore;
import java.nio.file.Path;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a damaged journal at its last good record. */
@Command(
        name = "repair",
        description = "Ends a damaged journal at its last good record. What lies behind stays in its files and counts "
                + "no more. If a snapshot covers the damage, the files that it covers are set aside instead and nothing "
                + "is given up. Nothing is deleted.",
        footer = {"", "Example:", "  millrace journal repair --end-at-damage --dir ./millrace-data"})
final class JournalRepair implements Runnable {

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--end-at-damage",
            required = true,
            description = "Says that the records behind the damage are given up.")
    private boolean endAtDamage;

    @Override
    public void run() {
        final Path path = directory.path();
        try (DirectoryLock lock = DirectoryLock.acquire(path)) {
            final RecoveryReport found = JournalVerifier.verify(path, false);
            if (found.judgement().verdict() != DamageTable.Verdict.REFUSE) {
                print(
                        "The journal is not damaged: nothing was changed.",
                        false,
                        found.endPosition(),
                        found.discarded());
                return;
            }
            final OptionalLong snapshot = new SnapshotStore(path).newestGood(damage -> {});
            if (snapshot.isPresent() && snapshot.getAsLong() > found.endPosition()) {
                setAside(lock, snapshot.getAsLong());
            } else {
                endAtDamage(lock, found);
            }
        }
    }

    private void endAtDamage(final DirectoryLock lock, final RecoveryReport found) {
        JournalVerifier.repair(lock);
        print(
                "The journal ends at position " + found.endPosition() + " now; what lies behind stays in "
                        + found.stopFile() + " from byte " + found.stopFileAt() + " on and counts no more.",
                true,
                found.endPosition(),
                found.discarded());
    }

    /** A start loads the snapshot, so that nothing before it is needed, and everything behind it is. */
    private void setAside(final DirectoryLock lock, final long snapshot) {
        try {
            final RecoveryReport left = JournalVerifier.setAsideCovered(lock, snapshot);
            print(
                    "The damage lies before the snapshot of position " + snapshot
                            + ": the files that it covers were moved to "
                            + lock.directory().resolve("set-aside") + ", nothing is lost.",
                    true,
                    left.endPosition(),
                    0);
        } catch (final JournalException e) {
            throw new CommandFailure(
                    "The damage lies before the snapshot of position " + snapshot + ", which a repair would cut off "
                            + "from the journal behind it: restore the directory from a copy (" + e.getMessage() + ")",
                    e);
        }
    }

    private void print(final String text, final boolean isRepaired, final long endPosition, final long discarded) {
        output.print(text, json -> {
            json.writeBooleanField("repaired", isRepaired);
            json.writeNumberField("endPosition", endPosition);
            json.writeNumberField("discarded", discarded);
        });
    }
}

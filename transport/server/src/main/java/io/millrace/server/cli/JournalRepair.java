package io.millrace.server.cli;

import io.millrace.store.DamageTable;
import io.millrace.store.DirectoryLock;
import io.millrace.store.JournalVerifier;
import io.millrace.store.RecoveryReport;
import io.millrace.store.SnapshotStore;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a damaged journal at its last good record. */
@Command(
        name = "repair",
        description = "Ends a damaged journal at its last good record. What lies behind stays in its files and counts "
                + "no more; nothing is deleted.",
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
            final boolean isDamaged = found.judgement().verdict() == DamageTable.Verdict.REFUSE;
            if (isDamaged) {
                refuseIfSnapshotIsAhead(path, found);
                JournalVerifier.repair(lock);
            }
            final String text = isDamaged
                    ? "The journal ends at position " + found.endPosition() + " now; what lies behind stays in "
                            + found.stopFile() + " from byte " + found.stopFileAt() + " on and counts no more."
                    : "The journal is not damaged: nothing was changed.";
            output.print(text, json -> {
                json.writeBooleanField("repaired", isDamaged);
                json.writeNumberField("endPosition", found.endPosition());
                json.writeNumberField("discarded", found.discarded());
            });
        }
    }

    /** A start would load that snapshot and find that the journal does not reach it. */
    private static void refuseIfSnapshotIsAhead(final Path path, final RecoveryReport found) {
        final List<Long> positions = new SnapshotStore(path).positions();
        if (!positions.isEmpty() && positions.get(positions.size() - 1) > found.endPosition()) {
            throw new CommandFailure("The damage lies before the snapshot of position "
                    + positions.get(positions.size() - 1) + ", which a repair would cut off from the journal behind "
                    + "it: restore the directory from a copy");
        }
    }
}

package io.millrace.store;

import java.nio.file.Path;
import java.util.List;

/**
 * What recovery found.
 *
 * @param judgement     case of the damage table that holds.
 * @param segments      files of the journal in order.
 * @param basePosition  first position that the journal still holds, 0 in an empty one.
 * @param endPosition   last position that counts, -1 if none.
 * @param discarded     records behind the end that were found whole and do not count.
 * @param stopFile      file in which reading stopped, null if there is none.
 * @param stopFileAt    byte offset in it.
 * @param bootEpoch     epoch for the next start.
 */
public record RecoveryReport(
        DamageTable.Case judgement,
        List<Segment> segments,
        long basePosition,
        long endPosition,
        long discarded,
        Path stopFile,
        long stopFileAt,
        long bootEpoch) {

    /**
     * Whether the journal ends before its last file does, because the system was restarted.
     *
     * @return true if somebody should be told what was discarded.
     */
    public boolean isCut() {
        return judgement.verdict() == DamageTable.Verdict.END_AND_REPORT;
    }

    /**
     * One sentence for the log.
     *
     * @return what happened.
     */
    public String describe() {
        if (segments.isEmpty()) {
            return "the journal is empty";
        }
        return "the journal holds positions " + basePosition + " to " + endPosition + " in " + segments.size()
                + " segments: " + judgement.reason()
                + (isCut()
                        ? "; it ends in " + stopFile + " at byte " + stopFileAt + ", " + discarded
                                + " whole records behind that were discarded"
                        : "");
    }
}

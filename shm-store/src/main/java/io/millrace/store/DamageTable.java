package io.millrace.store;

/**
 * The judgement over the end of a journal, as a truth table: a pure function of five facts. Exactly one case holds for every
 * combination; a test enumerates them all.
 *
 * <p>The facts are about the last start that counts. Of earlier starts only what the next boot record confirms counts, and
 * losing any of that is judged before this table is asked.
 */
public final class DamageTable {
    /** Whether the file {@code synced} could be read. */
    public enum Mark {
        /** One of its slots is whole. */
        VALID,
        /** There are records but no mark that could say which of them must be there. */
        UNREADABLE
    }

    /** The run of the machine, compared with the one in the mark. */
    public enum Machine {
        /** The same: the page cache was never lost. */
        SAME,
        /** Another: anything not synced may be missing. */
        CHANGED,
        /** The system does not tell. */
        UNKNOWN
    }

    /** The last good record, compared with a position that must be there. */
    public enum Reach {
        /** At or above it. */
        REACHES,
        /** Below it. */
        FALLS_SHORT
    }

    /** What lies behind the last good record. */
    public enum Beyond {
        /** Zeros only. */
        NOTHING,
        /** Bytes that were never completed: the append that was under way. */
        FRAGMENT,
        /** A completed record whose bytes are not what was written. */
        BAD_RECORD,
        /** Good records behind a gap. */
        LATER_RECORDS
    }

    /** What to do. */
    public enum Verdict {
        /** The journal ends at the last good record; nothing was lost. */
        END,
        /** The journal ends at the last good record; what lies behind is discarded and reported. */
        END_AND_REPORT,
        /** Refuse to start. */
        REFUSE
    }

    /** The labelled cases. */
    public enum Case {
        /** Without the mark nobody knows what must be there. */
        MARK_LOST(Verdict.REFUSE, "the file synced cannot be read"),
        /** Records known to be on disk are missing. */
        SYNCED_LOST(Verdict.REFUSE, "records that were forced to the disk are missing"),
        /** The page cache was lost and nothing of the end with it. */
        CLEAN_AFTER_MACHINE_RESTART(Verdict.END, "nothing was lost"),
        /** The page cache was lost before all of it was written. */
        CUT_AFTER_MACHINE_RESTART(Verdict.END_AND_REPORT, "the machine restarted before the end was on disk"),
        /** The page cache was never lost, but records are. */
        APPENDED_LOST(Verdict.REFUSE, "records that were appended since the machine started are missing"),
        /** The process ended between two appends. */
        CLEAN(Verdict.END, "nothing was lost"),
        /** The process ended within an append, which nobody was told about. */
        TORN_LAST_RECORD(Verdict.END, "the append under way was not completed"),
        /** Nothing but damage turns a completed record bad without a restart of the machine. */
        BAD_WITHOUT_RESTART(Verdict.REFUSE, "a completed record is bad although the machine did not restart"),
        /** Nothing but damage makes a gap without a restart of the machine. */
        GAP_WITHOUT_RESTART(Verdict.REFUSE, "good records lie behind a gap although the machine did not restart");

        private final Verdict verdict;
        private final String reason;

        Case(final Verdict verdict, final String reason) {
            this.verdict = verdict;
            this.reason = reason;
        }

        /**
         * What to do.
         *
         * @return the verdict.
         */
        public Verdict verdict() {
            return verdict;
        }

        /**
         * Why, for a report.
         *
         * @return half a sentence.
         */
        public String reason() {
            return reason;
        }

        /**
         * Whether this case holds.
         *
         * @param facts the facts.
         * @return true for exactly one case of each combination.
         */
        public boolean holds(final Facts facts) {
            if (this == MARK_LOST || facts.mark() == Mark.UNREADABLE) {
                return this == MARK_LOST && facts.mark() == Mark.UNREADABLE;
            }
            if (this == SYNCED_LOST || facts.synced() == Reach.FALLS_SHORT) {
                return this == SYNCED_LOST && facts.synced() == Reach.FALLS_SHORT;
            }
            final boolean nothing = facts.beyond() == Beyond.NOTHING;
            final boolean changed = facts.machine() == Machine.CHANGED;
            // The appended position is only known to be true within one run of the machine.
            final boolean fallsShort = facts.machine() == Machine.SAME && facts.appended() == Reach.FALLS_SHORT;
            return switch (this) {
                case CLEAN_AFTER_MACHINE_RESTART -> changed && nothing;
                case CUT_AFTER_MACHINE_RESTART -> changed && !nothing;
                case APPENDED_LOST -> fallsShort;
                case CLEAN -> !changed && !fallsShort && nothing;
                case TORN_LAST_RECORD -> !changed && !fallsShort && facts.beyond() == Beyond.FRAGMENT;
                case BAD_WITHOUT_RESTART -> !changed && !fallsShort && facts.beyond() == Beyond.BAD_RECORD;
                case GAP_WITHOUT_RESTART -> !changed && !fallsShort && facts.beyond() == Beyond.LATER_RECORDS;
                default -> false;
            };
        }
    }

    /**
     * The facts about the end of a journal.
     *
     * @param mark     whether the mark can be read.
     * @param machine  the run of the machine against that of the mark.
     * @param synced   the last good record against the synced position.
     * @param appended the last good record against the position that the appender stored.
     * @param beyond   what lies behind the last good record.
     */
    public record Facts(Mark mark, Machine machine, Reach synced, Reach appended, Beyond beyond) {}

    private DamageTable() {}

    /**
     * Judges.
     *
     * @param facts the facts.
     * @return the one case that holds.
     */
    public static Case judge(final Facts facts) {
        for (final Case candidate : Case.values()) {
            if (candidate.holds(facts)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no case for " + facts);
    }
}

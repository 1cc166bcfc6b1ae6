package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.DamageTable.Beyond;
import io.millrace.store.DamageTable.Case;
import io.millrace.store.DamageTable.Facts;
import io.millrace.store.DamageTable.Machine;
import io.millrace.store.DamageTable.Mark;
import io.millrace.store.DamageTable.Reach;
import io.millrace.store.DamageTable.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DamageTableTest {
    private static List<Facts> everyCombination() {
        final List<Facts> all = new ArrayList<>();
        for (final Mark mark : Mark.values()) {
            for (final Machine machine : Machine.values()) {
                for (final Reach synced : Reach.values()) {
                    for (final Reach appended : Reach.values()) {
                        for (final Beyond beyond : Beyond.values()) {
                            all.add(new Facts(mark, machine, synced, appended, beyond));
                        }
                    }
                }
            }
        }
        return all;
    }

    @Test
    void shouldHaveExactlyOneCaseForEveryCombination() {
        final List<Facts> all = everyCombination();
        assertEquals(2 * 3 * 2 * 2 * 4, all.size());
        for (final Facts facts : all) {
            final List<Case> holding = Arrays.stream(Case.values())
                    .filter(candidate -> candidate.holds(facts))
                    .toList();
            assertEquals(1, holding.size(), facts + " is " + holding);
            assertEquals(holding.get(0), DamageTable.judge(facts));
        }
    }

    @Test
    void shouldReachEveryCase() {
        final Set<Case> reached = EnumSet.noneOf(Case.class);
        everyCombination().forEach(facts -> reached.add(DamageTable.judge(facts)));
        assertEquals(EnumSet.allOf(Case.class), reached);
    }

    @Test
    void shouldNeverEndBelowWhatMustBeThere() {
        for (final Facts facts : everyCombination()) {
            final boolean mustRefuse = facts.mark() == Mark.UNREADABLE
                    || facts.synced() == Reach.FALLS_SHORT
                    || facts.machine() == Machine.SAME && facts.appended() == Reach.FALLS_SHORT;
            if (mustRefuse) {
                assertEquals(Verdict.REFUSE, DamageTable.judge(facts).verdict(), facts.toString());
            }
        }
    }

    @Test
    void shouldAcceptOnlyAnIncompleteLastRecordWithinOneRunOfTheMachine() {
        for (final Facts facts : everyCombination()) {
            final Verdict verdict = DamageTable.judge(facts).verdict();
            final boolean tornAtMost = facts.beyond() == Beyond.NOTHING || facts.beyond() == Beyond.FRAGMENT;
            if (facts.machine() != Machine.CHANGED && verdict != Verdict.REFUSE) {
                assertTrue(tornAtMost, facts.toString());
                assertEquals(Verdict.END, verdict, facts.toString());
            }
        }
    }

    @Test
    void shouldReportWhateverAMachineRestartCut() {
        for (final Beyond beyond : Beyond.values()) {
            final Facts facts = new Facts(Mark.VALID, Machine.CHANGED, Reach.REACHES, Reach.FALLS_SHORT, beyond);
            assertEquals(
                    beyond == Beyond.NOTHING ? Verdict.END : Verdict.END_AND_REPORT,
                    DamageTable.judge(facts).verdict());
        }
    }
}

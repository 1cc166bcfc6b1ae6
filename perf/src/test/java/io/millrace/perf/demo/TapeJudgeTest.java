package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bars that two members wrote down are those of the recording, or the judge says what is wrong. */
class TapeJudgeTest {
    private static final int ROWS = 5_000;

    @TempDir
    private Path directory;

    private final List<Trade> trades = TradeFile.read(ROWS);

    @Test
    void shouldHaveABarForEachOfTheMinutesWithTrades() {
        assertEquals(9_399, BarJudge.barsOf(TradeFile.read(TradeFile.ROWS)).size());
    }

    @Test
    void shouldJoinThePartsOfTwoMembers() throws IOException {
        final List<String> parts = Tapes.parts(trades, 7);

        final TapeResult result = judge(parts);

        assertTrue(result.isVerified(), () -> result.reasons().toString());
        assertTrue(parts.size() > result.bars().size(), "no minute came in parts");
        final List<String> csv = Files.readAllLines(result.csv());
        assertEquals("time,open,high,low,close,volume,trades", csv.get(0));
        assertEquals(result.bars().size() + 1, csv.size());
        assertTrue(
                csv.get(1).matches("2013-11-2\\dT\\d\\d:\\d\\d:00Z(,\\d+\\.\\d\\d){4},\\d+\\.\\d{8},\\d+"), csv.get(1));
        assertTrue(Files.readString(result.plot()).endsWith("</svg>\n"));
    }

    @Test
    void shouldFindAPartThatIsMissing() throws IOException {
        final List<String> parts = new ArrayList<>(Tapes.parts(trades, ROWS));
        parts.remove(10);

        final TapeResult result = judge(parts);

        assertFalse(result.isVerified());
        assertTrue(result.reasons().get(0).endsWith("it is null."), result.reasons()::toString);
    }

    @Test
    void shouldFindATradeThatCameTooLate() throws IOException {
        final List<String> parts = new ArrayList<>(Tapes.parts(trades, ROWS));
        final BarPart part = BarPart.parse(parts.get(10));
        part.add(1, 1, part.lastSequence());
        parts.set(10, part.toLine());

        assertEquals(1, judge(parts).reasons().size());
    }

    @Test
    void shouldFindABarOfAMinuteWithoutTrades() throws IOException {
        final List<String> parts = new ArrayList<>(Tapes.parts(trades, ROWS));
        final BarPart part = new BarPart(1, 2 * ROWS);
        part.add(1, 1, 2 * ROWS);
        parts.add(part.toLine());

        assertTrue(judge(parts).reasons().get(0).startsWith("There should be no bar"));
    }

    @Test
    void shouldNotTakeRecordsThatWereReadTwice() {
        final List<String> parts = new ArrayList<>(Tapes.parts(trades, ROWS));
        parts.add(parts.get(10));

        assertThrows(IllegalStateException.class, () -> judge(parts));
    }

    @Test
    void shouldWantBothMembersToRead() throws IOException {
        write(Tapes.parts(trades, ROWS));

        assertFalse(new TapeRun(ROWS, directory)
                .judge(ROWS, List.of((long) ROWS, 0L), 1, null)
                .isVerified());
        assertFalse(new TapeRun(ROWS, directory)
                .judge(ROWS, List.of(1L, 1L), 1, null)
                .isVerified());
        assertFalse(new TapeRun(ROWS, directory)
                .judge(ROWS, List.of(1L, ROWS - 1L), 1, "gone")
                .isVerified());
    }

    private TapeResult judge(final List<String> parts) throws IOException {
        write(parts);
        return new TapeRun(ROWS, directory).judge(ROWS, List.of(1L, ROWS - 1L), 1, null);
    }

    private void write(final List<String> parts) throws IOException {
        final TapeRun run = new TapeRun(ROWS, directory);
        Files.write(run.partsFile(0), parts.subList(0, parts.size() / 2));
        Files.write(run.partsFile(1), parts.subList(parts.size() / 2, parts.size()));
    }
}

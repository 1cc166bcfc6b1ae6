package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.kernel.StatementTests.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps the table of docs/statements.md in line with the tests: what each statement says is written by hand, which tests prove it and
 * what makes them fail is not. With {@code -Dmillrace.write=true} the table is written anew.
 */
class StatementsTest {
    /** A statement that no test of the kernel can prove; the reason is written by hand. */
    private static final String ELSEWHERE = "not in the kernel: ";

    private static final String MISSING = "missing";
    private static final String CELL = " | ";
    private static final Path DOCUMENT = Path.of("..", "docs", "statements.md");

    @Test
    void shouldListTheTestsAndTheVariantsOfEveryStatement() throws IOException {
        final Map<String, TreeSet<Proof>> proofs = StatementTests.byStatement();
        final List<StatementVariant> variants = StatementVariant.all();
        final List<String> lines = Files.readAllLines(DOCUMENT);
        final List<String> expected =
                lines.stream().map(line -> row(line, proofs, variants)).toList();
        if (Boolean.getBoolean("millrace.write")) {
            Files.write(DOCUMENT, expected);
        } else {
            assertEquals(String.join("\n", expected), String.join("\n", lines), "run this with -Dmillrace.write=true");
        }
        assertTrue(proofs.isEmpty(), () -> "not in the document: " + proofs);
        assertEquals(
                List.of(),
                expected.stream().filter(line -> line.contains(CELL + MISSING)).toList());
    }

    /** A row is {@code | F6 | what it says | tests | variants |}. */
    private static String row(
            final String line, final Map<String, TreeSet<Proof>> proofs, final List<StatementVariant> variants) {
        if (!line.matches("\\| [A-Z]\\d+ \\| .* \\|")) {
            return line;
        }
        final String[] cells = line.substring(2, line.length() - 2).split(" \\| ");
        final TreeSet<Proof> found = proofs.remove(cells[0]);
        if (found == null && cells[2].startsWith(ELSEWHERE)) {
            return line;
        }
        final String tests = found == null
                ? MISSING
                : found.stream().map(proof -> "`" + proof + "`").collect(Collectors.joining(", "));
        final String titles = variants.stream()
                .filter(variant -> variant.statements().contains(cells[0]))
                .map(StatementVariant::title)
                .collect(Collectors.joining("; "));
        return "| " + cells[0] + CELL + cells[1] + CELL + tests + CELL + (titles.isEmpty() ? MISSING : titles) + " |";
    }
}

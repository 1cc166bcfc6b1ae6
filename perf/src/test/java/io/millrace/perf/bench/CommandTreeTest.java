package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandTreeTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^Example:\\R  (millrace .*)$");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldHaveEveryBenchmarkOnTheCommandLine() {
        assertEquals(
                new TreeSet<>(List.of(
                        "allocation",
                        "fanout",
                        "filters",
                        "isolation",
                        "jmh",
                        "openloop",
                        "put",
                        "rtt",
                        "scale",
                        "sharedread",
                        "throughput")),
                new TreeSet<>(bench().getSubcommands().keySet()));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void shouldExplainItselfWithAnExampleThatMakesSense(final String path) {
        assertEquals(0, run(path + " --help"), err::toString);

        assertEquals("", err.toString());
        assertTrue(out.toString().contains("Usage: millrace " + path), out::toString);
        final Matcher example = EXAMPLE.matcher(out.toString());
        assertTrue(example.find(), out::toString);
        assertTrue(example.group(1).startsWith("millrace " + path), out::toString);
        if (path.startsWith("bench")) {
            final String[] words = example.group(1).split(" ");
            // An example with an option that is not there throws here.
            bench().parseArgs(Arrays.copyOfRange(words, 2, words.length));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench",
                "bench no-such-benchmark",
                "bench rtt --seconds 0",
                "bench rtt --size many",
                "bench throughput --no-such-option",
                "bench openloop --rate 0",
                "bench allocation --messages 0",
                "bench isolation --sessions 0",
                "bench jmh --forks 0",
                "bench scale --depths 1,0",
                "bench scale --queues many",
                "bench sharedread --readers 0",
                "demo --trades 0",
                "demo --no-such-option"
            })
    void shouldRefuseWrongUsageInOneSentence(final String line) {
        assertEquals(2, run(line), err::toString);

        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().matches("(?s)millrace: .*\\. See millrace.* --help\\.\\R"), err::toString);
    }

    static Stream<String> paths() {
        return Stream.concat(
                Stream.of("demo", "bench"),
                bench().getSubcommands().keySet().stream().map(name -> "bench " + name));
    }

    private static CommandLine bench() {
        return new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private int run(final String line) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), line.split(" "));
    }
}

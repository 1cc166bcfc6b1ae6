package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandTreeTest {
    @Test
    void shouldFindEveryCommand() {
        assertEquals(
                Set.of("journal", "queue", "server", "snapshot", "stat", "stream", "topic", "blob"),
                new TreeSet<>(Main.commandLine().getSubcommands().keySet()));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void shouldExplainItselfWithAnExample(final String path) {
        final List<String> words = new ArrayList<>(List.of(path.split(" ")));
        words.remove(0);
        words.add("--help");
        final Cli help = Cli.done(words.toArray());
        assertTrue(help.out().contains("Usage: " + path), help.out());
        assertTrue(help.out().matches("(?s).*Examples?:\\s+millrace.*"), help.out());
        assertTrue(!path.contains(" ") || help.out().contains("  " + path), help.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "queue",
                "no-such-command",
                "journal",
                "journal print --from ten",
                "journal repair",
                "queue create",
                "queue create orders --no-such-option",
                "queue create orders --delay 5parsecs",
                "queue send orders",
                "queue send orders body --stdin",
                "queue send orders body --attribute nonsense",
                "queue ack orders",
                "queue ack orders 00ff",
                "queue receive orders --max 0",
                "queue create orders --type lifo",
                "queue create orders --priorities 255",
                "queue create orders --content-deduplication perhaps",
                "queue set orders",
                "queue set orders --max-receive-count -1",
                "queue set orders --max-message-bytes 2147483648",
                "queue send orders body --priority 256",
                "queue send orders body --at tomorrow",
                "queue send orders body --attribute blob=Binary:***",
                "queue send orders --stdin --dedup-id one",
                "queue settle orders 00ff --retry",
                "queue settle orders",
                "queue peek orders --max 0",
                "queue peek orders --status gone",
                "queue redrive",
                "queue redrive start orders --rate -1",
                "queue redrive cancel seventeen",
                "queue tag orders nonsense",
                "queue untag orders",
                "queue access orders --allow me=everything",
                "queue access orders --allow me=send --everybody",
                "queue access orders --allow me=send",
                "queue watch",
                "queue watch orders --count 0",
                "topic",
                "topic create trades --type lifo",
                "topic set trades",
                "topic access trades --allow me=send",
                "topic subscribe trades",
                "topic subscribe trades audit --stream tape",
                "topic subscribe trades audit --key-attribute symbol",
                "topic subscribe trades audit --raw perhaps",
                "topic subscribe trades audit --filter-scope everything",
                "topic unsubscribe trades",
                "topic unsubscribe trades audit --id 7",
                "topic set-subscription trades audit",
                "topic unsubscribe trades --name desk --id 7",
                "topic listen",
                "topic listen trades --count 0",
                "topic listen trades --retries -1",
                "topic set-delivery trades",
                "topic set-delivery trades --none --retries 1",
                "topic set-delivery trades --retry-function cubic",
                "topic publish trades",
                "topic publish trades body --stdin",
                "topic publish trades --stdin --dedup-id one",
                "topic publish trades body --attribute nonsense",
                "topic publish trades body --body-for queue",
                "topic publish trades body --body-for null_val=x",
                "topic publish-batch trades",
                "topic publish-batch trades one two --dedup-id 1",
                "stream",
                "stream create",
                "stream create tape --shards 0",
                "stream create tape --max-record-bytes -1",
                "stream create tape --retention long",
                "stream set tape",
                "stream access tape --allow me=put",
                "stream shards tape --open --at-horizon",
                "stream shards tape --at noon",
                "stream put tape",
                "stream put tape data",
                "stream put tape data --key k --stdin",
                "stream put tape data --key k --hash-key -1",
                "stream get tape --max 0",
                "stream get tape --from 17",
                "stream get tape --from yesterday",
                "stream tail",
                "stream tail tape --count 0",
                "stream split tape",
                "stream split tape one",
                "stream split tape 1 --at middle",
                "stream merge tape 1",
                "stream update tape",
                "stream update tape --shards 0",
                "stream group",
                "stream group create tape",
                "stream group create tape bars --lease long",
                "server --durability forever",
                "stat --interval often",
            })
    void shouldRefuseWrongUsageInOneSentence(final String line) {
        final Cli cli = line.isEmpty() ? Cli.run() : Cli.run((Object[]) line.split(" "));
        assertEquals(Main.WRONG_USAGE, cli.exitCode(), cli::toString);
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().matches("(?s)millrace: \\p{Lu}.*\\. See millrace.* --help\\.\\R"), cli::err);
    }

    static Stream<String> paths() {
        return descendants(Main.commandLine())
                .map(command -> command.getCommandSpec().qualifiedName());
    }

    private static Stream<CommandLine> descendants(final CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandTreeTest::descendants));
    }
}

package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import io.millrace.store.AppendResult;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalFailureTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private FilteredJournal journal;
    private TestServer server;
    private RawClient client;
    private long queue;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.journalFilter(inner -> journal = new FilteredJournal(inner)));
        client = server.client();
        queue = client.createQueue("orders", THIRTY_SECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldRefuseCommandsAndAnswerQueriesWhileTheDiskIsLow() {
        diskLow(true);

        final long refusedId = client.send(queue, "no room");
        final Event refused = client.await("the refusal", e -> e.type().equals("Refused"));
        client.describe(queue);
        final Event description = client.await("the description", e -> e.type().equals("QueueDescription"));
        diskLow(false);
        final long id = client.send(queue, "room again");
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.correlationId() == id);

        assertEquals(refusedId, refused.correlationId());
        assertEquals(ResultCode.OVERLOADED, refused.code());
        assertEquals(0, description.count());
        assertEquals(1, server.counters().overloadedFrames);
    }

    @Test
    void shouldRefuseWhatAFullDiskDoesNotTakeAndGoOnAfterwards() {
        journal.result = AppendResult.DISK_FULL;
        client.send(queue, "lost to nobody");
        final Event refused = client.await("the refusal", e -> e.type().equals("Refused"));
        final RawClient waiting = new RawClient(server);
        waiting.sendConnect(waiting.responseChannel());
        server.crankFor(5, TimeUnit.MILLISECONDS);
        waiting.poll();

        assertEquals(ResultCode.OVERLOADED, refused.code());
        assertTrue(waiting.events.isEmpty(), "no session is opened that the journal does not know");
        journal.result = AppendResult.OK;
        waiting.await("the session", e -> e.code() == ResultCode.OK && e.type().equals("SessionEvent"));
        final long id = client.send(queue, "stored");
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.correlationId() == id);
        assertEquals(2, server.counters().sessions);
    }

    @Test
    void shouldEndASessionThatWasLetInButNotJournaledWhenTheTransportDies() {
        journal.result = AppendResult.DISK_FULL;
        final RawClient waiting = new RawClient(server);
        waiting.sendConnect(waiting.responseChannel());
        server.crankUntil("the session is let in", waiting::isEgressConnected);
        server.crankUntil("its record is declined", () -> server.counters().journalRefusals > 0);
        waiting.close();
        client.close();

        server.server().duty().transport().aeron().close();
        server.crankUntil("the transport is back", () -> server.counters().transportRestarts == 1);
        journal.result = AppendResult.OK;
        server.crankUntil("nothing is owed", () -> server.core().sessions.isSettled());

        assertEquals(0, server.counters().sessions);
        assertEquals(0, server.server().errorCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {AppendResult.TOO_LARGE, AppendResult.CLOSED, AppendResult.OUT_OF_SEQUENCE})
    void shouldRefuseWhatTheJournalDidNotWriteAndStop(final int result) {
        journal.result = result;
        client.send(queue, "unheard");
        final Event refused = client.await("the refusal", e -> e.type().equals("Refused"));
        server.crankUntil("the server stops", () -> !server.server().isRunning());

        assertEquals(ResultCode.SERVER_STOPPING, refused.code());
        assertTrue(server.server().errorCount() > 0);
    }

    /** A failed append may have reached the file: the next start knows, and a command sent again gets its first answer. */
    @Test
    void shouldStopWithoutAWordOfCommandsThatMayBeInAFailedJournal() {
        journal.result = AppendResult.FAILED;
        final int answers = client.events.size();

        client.send(queue, "perhaps");
        server.crankUntil("the server stops", () -> !server.server().isRunning());
        client.poll();

        assertEquals(List.of(), client.events.subList(answers, client.events.size()));
        assertEquals(1, server.counters().journalRefusals);
        assertTrue(server.server().errorCount() > 0);
    }

    private void diskLow(final boolean isLow) {
        journal.isDiskLow = isLow;
        final int looks = journal.diskLooks;
        server.crankUntil("the server looks at the disk", () -> journal.diskLooks > looks);
    }
}

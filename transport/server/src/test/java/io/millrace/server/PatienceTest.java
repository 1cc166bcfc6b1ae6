package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledgements wait a microsecond for company before they are journaled. */
class PatienceTest {

    private static final int CYCLES = 10;

    @TempDir
    Path directory;

    private TestServer server;
    private RawClient client;
    private long queue;
    private boolean isStopped;
    private long stoppedNs;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.nanoClock(() -> isStopped ? stoppedNs : System.nanoTime()));
        client = server.client();
        queue = client.createQueue("orders", TimeUnit.SECONDS.toNanos(30));
        client.consume(queue, 10, 1 << 20);
        client.send(queue, "first");
        client.awaitCount("Delivery", 1);
        stoppedNs = System.nanoTime();
        isStopped = true;
    }

    @AfterEach
    void stop() {
        isStopped = false;
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldJournalAnAcknowledgementWithTheCommandBehindIt() {
        final long before = server.counters().batches;
        client.acknowledge(queue, client.all("Delivery").get(0).receipt());
        server.crank(CYCLES);
        assertEquals(before, server.counters().batches);
        assertEquals(1, server.core().kernel.messageCount());

        client.send(queue, "second");
        server.crank(CYCLES);

        assertEquals(before + 1, server.counters().batches);
        assertEquals(1, server.core().kernel.messageCount());
        isStopped = false;
        assertEquals("second", client.awaitCount("Delivery", 2).get(1).text());
    }

    @Test
    void shouldNotLetAnAcknowledgementWaitForLonger() {
        final long before = server.counters().batches;
        client.acknowledge(queue, client.all("Delivery").get(0).receipt());
        server.crank(CYCLES);
        assertEquals(before, server.counters().batches);

        stoppedNs += TimeUnit.MICROSECONDS.toNanos(1);
        server.crank(CYCLES);

        assertEquals(before + 1, server.counters().batches);
        assertEquals(0, server.core().kernel.messageCount());
    }

    @Test
    void shouldAnswerAQuestionWithWhatWasAcknowledgedBefore() {
        client.acknowledge(queue, client.all("Delivery").get(0).receipt());
        client.describe(queue);
        server.crank(CYCLES);

        assertEquals(0, server.core().kernel.messageCount());
        isStopped = false;
        assertEquals(0, client.awaitCount("QueueDescription", 1).get(0).count());
    }
}

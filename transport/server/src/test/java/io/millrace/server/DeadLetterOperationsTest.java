package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.QueueName;
import io.millrace.client.QueueSettings;
import io.millrace.client.RedriveTask;
import io.millrace.client.SendOptions;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.Switch;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters and their way back, through the client library, Aeron, journal and kernel. */
class DeadLetterOperationsTest {

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient client;
    private long dead;
    private long queue;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.timeoutNs(TimeUnit.HOURS.toNanos(1)));
        client = new LibraryClient(server);
        dead = client.queues().create("dead");
        queue = client.queues()
                .create(QueueSettings.named("orders").deadLetterQueueId(dead).maxReceiveCount(1));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldBuryWhatFailedAndWhatIsRejected() {
        client.send(queue, "failed", "rejected");
        client.receive(queue, 2)
                .forEach(delivered ->
                        settle(delivered, delivered.body().equals("failed") ? Disposition.RETRY : Disposition.REJECT));
        assertEquals(1, client.queues().describe(dead).availableCount(), "what failed waits for the next receive");
        assertEquals(List.of(), client.bodies(queue));

        final List<Delivered> letters = client.receive(dead, 10);
        assertEquals(
                List.of("rejected", "failed"),
                letters.stream().map(Delivered::body).toList());
        for (final Delivered letter : letters) {
            assertEquals(queue, letter.sourceId());
            assertEquals(2, letter.receives());
            assertEquals(0, letter.failures());
            assertTrue(letter.isMoved());
        }
        assertEquals(2, server.core().kernel.counters().deadLetters());
        assertEquals(List.of(new QueueName(queue, "orders")), client.queues().deadLetterSources(dead));
    }

    @Test
    void shouldRedriveAtTheRateThatIsAskedForAndEndWhenItIsCancelled() {
        bury("one", "two", "three");

        final long taskId = client.queues().startRedrive(dead, 0, 1);
        assertRefused(
                "A redrive task of this queue is running.",
                () -> client.queues().startRedrive(dead, 0, 1));
        await(taskId, RedriveStatus.RUNNING, 1);
        server.advance(1, TimeUnit.SECONDS);
        final RedriveTask task = await(taskId, RedriveStatus.RUNNING, 2);
        assertEquals(0, task.destinationQueueId());
        assertEquals(3, task.toMoveCount());
        assertEquals(1, task.messagesPerSecond());

        assertEquals(2, client.queues().cancelRedrive(taskId));
        await(taskId, RedriveStatus.CANCELLED, 2);
        assertRefused(
                "No redrive task has this id, or it has ended.",
                () -> client.queues().cancelRedrive(taskId));
        final List<Delivered> back = client.receive(queue, 10);
        assertEquals(List.of("one", "two"), back.stream().map(Delivered::body).toList());
        assertEquals(1, back.get(0).receives(), "it is a new message");
        assertEquals(List.of("three"), client.bodies(dead));
    }

    @Test
    void shouldRedriveToAnotherQueue() {
        bury("one", "two");
        final long other = client.queues().create("other");

        final long taskId = client.queues().startRedrive(dead, other, 0);

        final RedriveTask task = await(taskId, RedriveStatus.COMPLETED, 2);
        assertEquals(other, task.destinationQueueId());
        assertEquals(List.of("one", "two"), client.bodies(other));
        assertEquals(2, server.core().kernel.counters().redriven());
        assertRefused(
                "No queue has this one as its dead-letter queue.",
                () -> client.queues().startRedrive(other, 0, 0));
    }

    @Test
    void shouldGiveFifoMessagesTheirIdsForDeduplication() {
        final long fifoDead = client.queues().create(fifo("dead.fifo"));
        final long source = client.queues()
                .create(fifo("orders.fifo").deadLetterQueueId(fifoDead).maxReceiveCount(1));
        client.send(source, "body", new SendOptions().groupId("a"));
        final Delivered delivered = client.receive(source, 1).get(0);
        client.answer(() -> client.client().settle(source, delivered.receipt(), 0, 1, Disposition.REJECT, 0));

        client.queues().startRedrive(fifoDead, 0, 0);
        client.await("the redrive", () -> server.core().kernel.counters().redriven() == 1);

        final Delivered back = client.receive(source, 1).get(0);
        assertEquals("a", back.groupId());
        assertTrue(back.isMoved(), "its deduplication id is its message id");
        assertTrue(back.messageId() > delivered.messageId());
        assertEquals(2, back.sequenceNumber());
    }

    @Test
    void shouldSayWhatDoesNotFit() {
        final long closed =
                client.queues().create(QueueSettings.named("closed").redrivePermission(RedrivePermission.DENY_ALL));
        assertRefused(
                "The dead-letter queue does not take messages of this queue.",
                () -> client.queues().set(queue, QueueSettings.changes().deadLetterQueueId(closed)));
        final long fifo = client.queues().create(fifo("fifo"));
        assertRefused(
                "The setting DEAD_LETTER_QUEUE does not fit the queue or its other settings.",
                () -> client.queues().set(queue, QueueSettings.changes().deadLetterQueueId(fifo)));
        assertRefused(
                "The setting MAX_RECEIVE_COUNT does not fit the queue or its other settings.",
                () -> client.queues().create(QueueSettings.named("half").deadLetterQueueId(dead)));
        assertRefused(
                "No queue has the id " + dead + ", or 4711.",
                () -> client.queues().startRedrive(dead, 4_711, 0));
    }

    private void bury(final String... bodies) {
        client.send(queue, bodies);
        client.receive(queue, 10).forEach(delivered -> settle(delivered, Disposition.REJECT));
        assertEquals(bodies.length, client.queues().describe(dead).availableCount());
    }

    private void settle(final Delivered delivered, final Disposition disposition) {
        assertEquals(
                List.of("confirmed"),
                client.answer(() -> client.client()
                        .settle(queue, delivered.receipt(), 0, 1, disposition, MillraceClient.QUEUE_DEFAULT)));
    }

    private RedriveTask await(final long taskId, final RedriveStatus status, final long moved) {
        RedriveTask task;
        do {
            task = client.queues().redrives(dead).get(0);
            assertEquals(taskId, task.taskId());
            assertTrue(task.movedCount() <= moved, task::toString);
        } while (task.movedCount() < moved || task.status() != status);
        return task;
    }

    private static QueueSettings fifo(final String name) {
        return QueueSettings.named(name).queueType(QueueType.FIFO).contentDeduplication(Switch.ON);
    }

    private static void assertRefused(final String sentence, final Executable request) {
        assertEquals(sentence, assertThrows(MillraceException.class, request).getMessage());
    }
}

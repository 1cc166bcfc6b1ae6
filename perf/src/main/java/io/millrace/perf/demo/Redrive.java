package io.millrace.perf.demo;

import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.QueueInfo;
import io.millrace.client.RedriveTask;
import io.millrace.codecs.RedriveStatus;
import io.millrace.perf.process.ChildException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;

/**
 * What an operator does who finds trades in the dead-letter queue: look, and send them back.
 *
 * @param deadLetters trades that were in the dead-letter queue.
 * @param redriven    trades that the redrive task moved.
 */
record Redrive(long deadLetters, long redriven) {
    /** Nothing was redriven. */
    static final Redrive NONE = new Redrive(0, 0);

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    /**
     * Waits until all other trades have left the queue and the dead letters are there, then redrives them and waits for the end.
     *
     * @param aeronDirectory directory of the media driver.
     * @param expected       dead letters.
     * @param onFailure      hears why the server does not come that far.
     * @return what was done, up to a failure.
     */
    static Redrive run(final String aeronDirectory, final int expected, final Consumer<String> onFailure) {
        long deadLetters = 0;
        try (MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "operator"))) {
            final DemoQueues queues = DemoQueues.create(client, DemoQueues.SETTLEMENT);
            deadLetters = awaitDeadLetters(client, queues, expected);
            client.queues().startRedrive(queues.deadLetters(), 0, 0);
            return new Redrive(deadLetters, awaitEnd(client, queues));
        } catch (final ChildException | MillraceException e) {
            onFailure.accept("The dead letters could not be redriven: " + e.getMessage());
            return new Redrive(deadLetters, 0);
        }
    }

    private static long awaitDeadLetters(final MillraceClient client, final DemoQueues queues, final int expected) {
        final IdleStrategy idle = DemoClient.idleStrategy();
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (true) {
            final QueueInfo settlement = client.queues().describe(queues.queue());
            final QueueInfo failed = client.queues().describe(queues.deadLetters());
            final long left = settlement.availableCount() + settlement.delayedCount() + settlement.inFlightCount();
            if (left == 0 && failed.availableCount() >= expected) {
                return failed.availableCount();
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new ChildException("The server has " + failed.availableCount() + " dead letters, not " + expected
                        + ", and " + left + " trades in the queue.");
            }
            idle.idle(client.poll());
        }
    }

    private static long awaitEnd(final MillraceClient client, final DemoQueues queues) {
        final IdleStrategy idle = DemoClient.idleStrategy();
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (true) {
            final RedriveTask task =
                    client.queues().redrives(queues.deadLetters()).get(0);
            if (task.status() == RedriveStatus.COMPLETED) {
                return task.movedCount();
            }
            if (task.status() != RedriveStatus.RUNNING || System.nanoTime() - deadlineNs >= 0) {
                throw new ChildException("The redrive task did not end: " + task + ".");
            }
            idle.idle(client.poll());
        }
    }
}

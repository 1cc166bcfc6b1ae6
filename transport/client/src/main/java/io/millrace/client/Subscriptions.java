package io.millrace.client;

import org.agrona.DirectBuffer;

/**
 * Sends the requests that go on until they end: receives, consumers, watches. What was sent stands in its table, so that a new
 * session can be asked for it again. Each method returns a correlation id or a negative code.
 */
final class Subscriptions {
    private final FrameWriter writer;
    private final Requests requests;
    private final ConsumerTable consumers = new ConsumerTable();
    private final ReceiveTable receives = new ReceiveTable();
    private final WatchTable watches = new WatchTable();

    Subscriptions(final FrameWriter writer, final Requests requests) {
        this.writer = writer;
        this.requests = requests;
    }

    ConsumerTable consumers() {
        return consumers;
    }

    ReceiveTable receives() {
        return receives;
    }

    WatchTable watches() {
        return watches;
    }

    long receive(final long queueId, final int maxMessages, final ReceiveOptions options) {
        if (writer.gate() != 0) {
            return writer.gate();
        }
        if (receives.isFull()) {
            return MillraceClient.WINDOW_FULL;
        }
        final DirectBuffer tail = options.tail();
        final int tailLength = options.tailLength();
        final long result = requests.receive(
                nextCorrelationId(), queueId, maxMessages, options.waitNs(), options.visibilityNs(), tail, tailLength);
        if (result > 0) {
            receives.add(result, queueId, maxMessages, options.waitNs(), options.visibilityNs(), tail, tailLength);
        }
        return result;
    }

    long consume(final long queueId, final int creditMessages, final int creditBytes, final long visibilityNs) {
        if (writer.gate() != 0) {
            return writer.gate();
        }
        final long result = requests.consume(nextCorrelationId(), queueId, creditMessages, creditBytes, visibilityNs);
        if (result > 0) {
            consumers.add(queueId, result, creditMessages, creditBytes, visibilityNs);
        }
        return result;
    }

    long stopConsuming(final long queueId) {
        final long result = requests.stopConsuming(queueId);
        if (result > 0) {
            consumers.removeQueue(queueId);
        }
        return result;
    }

    long watch(final long queueId) {
        if (writer.gate() != 0) {
            return writer.gate();
        }
        final long result = requests.watch(nextCorrelationId(), queueId, true);
        if (result > 0) {
            watches.add(queueId, result);
        }
        return result;
    }

    long unwatch(final long queueId) {
        if (writer.gate() != 0) {
            return writer.gate();
        }
        final long result = requests.watch(nextCorrelationId(), queueId, false);
        if (result > 0) {
            watches.removeQueue(queueId);
        }
        return result;
    }

    private long nextCorrelationId() {
        return writer.lastCorrelationId() + 1;
    }
}

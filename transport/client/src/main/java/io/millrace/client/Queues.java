package io.millrace.client;

import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.DeleteQueueEncoder;
import io.millrace.codecs.DescribeQueueEncoder;
import io.millrace.codecs.ListQueuesEncoder;
import io.millrace.codecs.LookUpQueueEncoder;
import io.millrace.codecs.ResultCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes, finds and removes queues. Every call waits for its answer, at most the context's request timeout, and polls
 * meanwhile, so messages and confirmations reach their handlers as usual. Not to be called from inside a handler.
 *
 * <p>Every call throws {@link MillraceException} if the server refuses, and {@link MillraceTimeoutException} if it does
 * not answer in time; a query is asked again after a reconnect.
 */
public final class Queues {
    private static final int PAGE_ENTRIES = 100;

    private final MillraceClient client;
    private final FrameWriter writer;
    private final BlockingCall call;
    private final ClientContext context;

    Queues(
            final MillraceClient client,
            final FrameWriter writer,
            final BlockingCall call,
            final ClientContext context) {
        this.client = client;
        this.writer = writer;
        this.call = call;
        this.context = context;
    }

    /** Encodes and sends one request. */
    private interface Request {
        /** @return a correlation id, or a negative code. */
        long send();
    }

    /**
     * Creates a queue. One of this name and these settings is left as it is.
     *
     * @param settings of the queue
     * @return id of the queue
     */
    public long create(final QueueSettings settings) {
        final byte[] name = settings.name().getBytes(StandardCharsets.UTF_8);
        await(
                "create the queue " + settings.name(),
                "is named " + settings.name(),
                true,
                () -> sendCreate(settings, name));
        return call.value();
    }

    /**
     * Creates a queue with the server's defaults.
     *
     * @param name of the queue
     * @return id of the queue
     */
    public long create(final String name) {
        return create(QueueSettings.named(name));
    }

    /**
     * Finds a queue.
     *
     * @param name of the queue
     * @return the queue; {@code UNKNOWN_QUEUE} is thrown if there is none
     */
    public QueueInfo lookUp(final String name) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        await("look up the queue " + name, "is named " + name, false, () -> sendLookUp(bytes));
        return call.description();
    }

    /**
     * Tells of a queue.
     *
     * @param queueId the queue
     * @return its settings and counts
     */
    public QueueInfo describe(final long queueId) {
        await("describe the queue " + queueId, "has the id " + queueId, false, () -> sendDescribe(queueId));
        return call.description();
    }

    /**
     * Lists queues in order of creation, page by page until the last.
     *
     * @param prefix only names that start with this; may be empty
     * @return the queues
     */
    public List<QueueName> list(final String prefix) {
        final byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
        final List<QueueName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            await("list the queues", "is there", false, () -> sendList(start, bytes));
            result.addAll(call.names());
            after = call.nextAfterQueueId();
        } while (after != 0);
        return result;
    }

    /**
     * Deletes a queue and all its messages.
     *
     * @param queueId the queue
     */
    public void delete(final long queueId) {
        await("delete the queue " + queueId, "has the id " + queueId, true, () -> sendDelete(queueId));
    }

    /**
     * Sends until it is taken, then polls until the answer is there. A command is kept by the resend ring over a
     * reconnect; a query, and a command of a client without a producer, only as long as its session: queries are asked
     * again, commands time out.
     */
    private void await(final String purpose, final String whichQueue, final boolean isMutating, final Request request) {
        client.checkNotInCallback();
        final long startNs = context.nanoClock().nanoTime();
        long session = 0;
        boolean isSent = false;
        do {
            if (!isSent || !isMutating && writer.gate() == 0 && session != writer.sessionId()) {
                session = writer.sessionId();
                final long result = request.send();
                if (result > 0) {
                    isSent = true;
                    call.begin(result);
                } else if (result == MillraceClient.CLOSED || result == MillraceClient.TOO_LARGE) {
                    throw new MillraceException("Cannot " + purpose + ": " + ErrorText.describe(result));
                }
            }
            context.idleStrategy().idle(client.poll());
            if (isSent && !call.isWaiting()) {
                if (call.refusal() != null) {
                    throw call.refusal().code() == ResultCode.UNKNOWN_QUEUE
                            ? new MillraceException(call.refusal(), "No queue " + whichQueue + ".")
                            : call.refusal();
                }
                return;
            }
        } while (context.nanoClock().nanoTime() - startNs < context.requestTimeoutNs());
        call.end();
        throw new MillraceTimeoutException("Could not " + purpose + ": no answer within "
                + context.requestTimeoutNs() / 1_000_000 + " ms, "
                + (writer.gate() == 0 ? "although a session is open." : "and no session is open."));
    }

    private long sendCreate(final QueueSettings settings, final byte[] name) {
        final int length = Wire.HEADER_LENGTH
                + CreateQueueEncoder.BLOCK_LENGTH
                + Wire.GROUP_HEADER_LENGTH
                + CreateQueueEncoder.nameHeaderLength()
                + name.length;
        final long refusal = writer.begin(
                CreateQueueEncoder.TEMPLATE_ID, CreateQueueEncoder.BLOCK_LENGTH, length, FrameWriter.MUTATING);
        if (refusal != 0) {
            return refusal;
        }
        final CreateQueueEncoder encoder =
                new CreateQueueEncoder().wrap(writer.buffer(), writer.offset() + Wire.HEADER_LENGTH);
        settings.encode(encoder.settings());
        encoder.redriveSourcesCount(0);
        encoder.putName(name, 0, name.length);
        return writer.end();
    }

    private long sendDelete(final long queueId) {
        final int length = Wire.HEADER_LENGTH + DeleteQueueEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                DeleteQueueEncoder.TEMPLATE_ID, DeleteQueueEncoder.BLOCK_LENGTH, length, FrameWriter.MUTATING);
        if (refusal != 0) {
            return refusal;
        }
        new DeleteQueueEncoder()
                .wrap(writer.buffer(), writer.offset() + Wire.HEADER_LENGTH)
                .queueId(queueId);
        return writer.end();
    }

    private long sendLookUp(final byte[] name) {
        final int length = Wire.HEADER_LENGTH
                + LookUpQueueEncoder.BLOCK_LENGTH
                + LookUpQueueEncoder.nameHeaderLength()
                + name.length;
        final long refusal = writer.begin(
                LookUpQueueEncoder.TEMPLATE_ID, LookUpQueueEncoder.BLOCK_LENGTH, length, FrameWriter.QUERY);
        if (refusal != 0) {
            return refusal;
        }
        new LookUpQueueEncoder()
                .wrap(writer.buffer(), writer.offset() + Wire.HEADER_LENGTH)
                .putName(name, 0, name.length);
        return writer.end();
    }

    private long sendDescribe(final long queueId) {
        final int length = Wire.HEADER_LENGTH + DescribeQueueEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                DescribeQueueEncoder.TEMPLATE_ID, DescribeQueueEncoder.BLOCK_LENGTH, length, FrameWriter.QUERY);
        if (refusal != 0) {
            return refusal;
        }
        new DescribeQueueEncoder()
                .wrap(writer.buffer(), writer.offset() + Wire.HEADER_LENGTH)
                .queueId(queueId);
        return writer.end();
    }

    private long sendList(final long afterQueueId, final byte[] prefix) {
        final int length = Wire.HEADER_LENGTH
                + ListQueuesEncoder.BLOCK_LENGTH
                + ListQueuesEncoder.prefixHeaderLength()
                + prefix.length;
        final long refusal =
                writer.begin(ListQueuesEncoder.TEMPLATE_ID, ListQueuesEncoder.BLOCK_LENGTH, length, FrameWriter.QUERY);
        if (refusal != 0) {
            return refusal;
        }
        new ListQueuesEncoder()
                .wrap(writer.buffer(), writer.offset() + Wire.HEADER_LENGTH)
                .afterQueueId(afterQueueId)
                .maxEntries(PAGE_ENTRIES)
                .putPrefix(prefix, 0, prefix.length);
        return writer.end();
    }
}

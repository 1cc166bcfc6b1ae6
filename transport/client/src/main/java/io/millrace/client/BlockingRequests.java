package io.millrace.client;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends one request at a time and polls until its answer is there. */
final class BlockingRequests {
    private final MillraceClient client;
    private final FrameWriter writer;
    private final BlockingCall call;
    private final ClientContext context;

    BlockingRequests(
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
    interface Request {
        /** @return a correlation id, or a negative code. */
        long send();
    }

    /** Knows more of a refusal than its code says: whom the request named. */
    interface Explanation {
        /** @return a sentence, or null if the code says it all. */
        String of(MillraceException refusal);
    }

    /** @return the value that the command was confirmed with. */
    long command(final String purpose, final Explanation explanation, final Request request) {
        await(purpose, explanation, Void.class, request);
        return call.value();
    }

    <T> T query(final String purpose, final Explanation explanation, final Class<T> answerType, final Request request) {
        await(purpose, explanation, answerType, request);
        return answerType.cast(call.answer());
    }

    /** Asks again and again until a property of the answer is as wished, or the request timeout is over. */
    <T, V> T repeat(final String purpose, final Supplier<T> query, final Function<T, V> property, final V wished) {
        final long startNs = context.nanoClock().nanoTime();
        T answer = query.get();
        while (!wished.equals(property.apply(answer))) {
            if (context.nanoClock().nanoTime() - startNs >= context.requestTimeoutNs()) {
                throw new MillraceTimeoutException("Could not " + purpose + " within "
                        + context.requestTimeoutNs() / 1_000_000 + " ms: it is " + property.apply(answer) + ".");
            }
            context.idleStrategy().idle(client.poll());
            answer = query.get();
        }
        return answer;
    }

    /** @return the messages that came before the last {@link Answers.BrowseEnd}. */
    List<BrowsedMessage> browsed() {
        return call.browsed();
    }

    /**
     * Sends until it is taken, then polls until the answer is there. A command is kept by the resend ring over a
     * reconnect; a query, and a command of a client without a producer, only as long as its session: queries are asked
     * again, commands time out.
     */
    private void await(
            final String purpose, final Explanation explanation, final Class<?> answerType, final Request request) {
        final boolean isCommand = answerType == Void.class;
        client.checkNotInCallback();
        final long startNs = context.nanoClock().nanoTime();
        long session = 0;
        boolean isSent = false;
        do {
            if (!isSent || !isCommand && writer.gate() == 0 && session != writer.sessionId()) {
                session = writer.sessionId();
                final long result = request.send();
                if (result > 0) {
                    isSent = true;
                    call.begin(result, answerType);
                } else if (result == MillraceClient.CLOSED || result == MillraceClient.TOO_LARGE) {
                    throw new MillraceException("Cannot " + purpose + ": " + ErrorText.describe(result));
                }
            }
            context.idleStrategy().idle(client.poll());
            if (isSent && !call.isWaiting()) {
                if (call.refusal() != null) {
                    throw explained(call.refusal(), explanation);
                }
                return;
            }
        } while (context.nanoClock().nanoTime() - startNs < context.requestTimeoutNs());
        call.end();
        throw new MillraceTimeoutException("Could not " + purpose + ": no answer within "
                + context.requestTimeoutNs() / 1_000_000 + " ms, "
                + (writer.gate() == 0 ? "although a session is open." : "and no session is open."));
    }

    private static MillraceException explained(final MillraceException refusal, final Explanation explanation) {
        final String sentence = explanation.of(refusal);
        return sentence == null ? refusal : new MillraceException(refusal, sentence);
    }
}

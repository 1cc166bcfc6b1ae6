package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;

/** The producers and readers of streams that a client has: what they send with each poll, and whose an answer is. */
final class StreamWork {
    private final ArrayList<StreamProducer> producers = new ArrayList<>();
    private final ArrayList<PullReader> readers = new ArrayList<>();

    void add(final StreamProducer producer) {
        producers.add(producer);
    }

    void add(final PullReader reader) {
        readers.add(reader);
    }

    /** Sends what there is to send, and forgets who has ended. @return frames sent */
    int flush() {
        int work = 0;
        for (int i = producers.size() - 1; i >= 0; i--) {
            work += producers.get(i).flush();
            if (producers.get(i).isOver()) {
                producers.remove(i);
            }
        }
        for (int i = readers.size() - 1; i >= 0; i--) {
            work += readers.get(i).advance();
            if (readers.get(i).isOver()) {
                readers.remove(i);
            }
        }
        return work;
    }

    /** @return whether records wait to be stored. */
    boolean hasUnanswered() {
        for (int i = 0; i < producers.size(); i++) {
            if (producers.get(i).pending() > 0) {
                return true;
            }
        }
        return false;
    }

    /** @return the producer whose frame an answer is about, or null. */
    StreamProducer producer(final long correlationId) {
        for (int i = 0; i < producers.size(); i++) {
            if (producers.get(i).owns(correlationId)) {
                return producers.get(i);
            }
        }
        return null;
    }

    /** @return the reader whose request an answer is about, or null. */
    PullReader reader(final long correlationId) {
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).owns(correlationId)) {
                return readers.get(i);
            }
        }
        return null;
    }

    /** @return whether the refused request was a producer's or reader's. */
    boolean takesRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final StreamProducer producer = producer(correlationId);
        if (producer != null) {
            producer.onFrameRefused(entryIndex, code, limitId, limit, actual);
            return true;
        }
        final PullReader reader = reader(correlationId);
        if (reader != null) {
            reader.onRefused(code, limitId, limit, actual);
        }
        return reader != null;
    }
}

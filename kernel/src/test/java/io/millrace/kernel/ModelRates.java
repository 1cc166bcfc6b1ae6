package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.kernel.ModelState.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The quota of FIFO queues: so many requests of a kind in each second. */
final class ModelRates {

    static final String SEND = "send";
    static final String RECEIVE = "receive";
    static final String DELETE = "delete";

    private ModelRates() {}

    /** Null if the queue takes one more request of the kind, which then counts. */
    static Event refusal(final ModelState state, final Command command, final Queue queue, final String kind) {
        final LimitId limitId = queue.settings.throughputScope() == QueueScope.MESSAGE_GROUP
                ? LimitId.FIFO_GROUP_REQUESTS
                : LimitId.FIFO_REQUESTS;
        final long limit = state.limit(limitId);
        if (!queue.isFifo() || limit == 0) {
            return null;
        }
        final List<Long> times = queue.requests.computeIfAbsent(kind, any -> new ArrayList<>());
        times.removeIf(time -> TimeUnit.NANOSECONDS.toSeconds(time) != TimeUnit.NANOSECONDS.toSeconds(state.nowNs));
        if (times.size() >= limit) {
            return ModelAnswers.limited(command, limitId, limit, times.size() + 1L, -1);
        }
        times.add(state.nowNs);
        return null;
    }
}

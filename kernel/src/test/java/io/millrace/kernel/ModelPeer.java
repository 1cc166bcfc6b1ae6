package io.millrace.kernel;

import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model in the place of the kernel: it makes receipts of its own. Shows what the histories meet, without a kernel. */
final class ModelPeer implements Peer {

    private final KernelModel model;
    private final Map<Long, String> principals = new HashMap<>();

    ModelPeer(final KernelModel model) {
        this.model = model;
    }

    @Override
    public void apply(final long timeNs, final long sessionId, final Command command) {
        model.apply(timeNs, sessionId, command);
    }

    @Override
    public void query(final long timeNs, final long sessionId, final Command query) {
        model.query(sessionId, query);
    }

    @Override
    public void clock(final long timeNs) {
        model.onClock(timeNs);
    }

    @Override
    public void openSession(final long timeNs, final long sessionId, final String principal) {
        principals.put(sessionId, principal);
        model.openSession(timeNs, sessionId, principal);
    }

    @Override
    public void closeSession(final long timeNs, final long sessionId) {
        model.closeSession(timeNs, sessionId);
    }

    @Override
    public void boot(final long timeNs) {
        model.boot(timeNs);
    }

    @Override
    public void restore() {
        // The model has no snapshot: it goes on as it is.
    }

    @Override
    public List<Emitted> drain() {
        return model.drain().stream().map(this::withReceipt).toList();
    }

    private Emitted withReceipt(final Emitted line) {
        if (!(line.event() instanceof Event.Delivery delivery)) {
            return line;
        }
        final long tag = 31 * principals.get(line.sessionId()).hashCode() + delivery.queueId();
        final Receipt receipt = new Receipt(delivery.messageId(), 0, delivery.deliveryNumber(), 0, tag);
        final Event.Delivery told = delivery.withReceipt(receipt);
        model.bind(receipt, line.sessionId(), told);
        return new Emitted(line.sessionId(), told);
    }

    @Override
    public boolean workPending() {
        return model.timersAreLeft();
    }

    @Override
    public long nextDeadlineNs() {
        return model.nextDeadlineNs();
    }

    @Override
    public void checkState() {
        // Nothing is counted along the way.
    }
}

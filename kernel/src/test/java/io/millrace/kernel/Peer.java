package io.millrace.kernel;

import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.List;

/** What the model is compared with: the kernel, or another model that stands in for it. */
interface Peer {

    void apply(long timeNs, long sessionId, Command command);

    void query(long timeNs, long sessionId, Command query);

    void clock(long timeNs);

    void openSession(long timeNs, long sessionId, String principal);

    void closeSession(long timeNs, long sessionId);

    void boot(long timeNs);

    /** Goes on with a copy made from a snapshot. */
    void restore();

    /** What was told since the last call, deliveries with receipts. */
    List<Emitted> drain();

    boolean workPending();

    long nextDeadlineNs();

    /** Fails if what is counted along the way is not what counting afresh gives. */
    void checkState();
}

package io.millrace.server;

import io.millrace.kernel.Egress;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where the kernel's output goes: to the session it names. Output for nobody, as during replay, goes to scratch memory.
 * Only sessions that got something are flushed, and those that could not take it all are tried again each cycle.
 */
final class EgressHub implements Egress {

    private static final int INITIAL_SESSIONS = 64;

    private final Long2ObjectHashMap<SessionEgress> egressById = new Long2ObjectHashMap<>();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[StagingPool.BLOCK_BYTES]);
    private final HostCounters counters;
    private SessionEgress[] dirty = new SessionEgress[INITIAL_SESSIONS];
    private int dirtyCount;
    private SessionEgress last;
    private SessionEgress claimed;

    EgressHub(final HostCounters counters) {
        this.counters = counters;
    }

    void add(final SessionEgress egress) {
        egressById.put(egress.sessionId(), egress);
    }

    /**
     * The output of a session.
     *
     * @param sessionId of the session.
     * @return its output, null if there is none.
     */
    SessionEgress of(final long sessionId) {
        return egressById.get(sessionId);
    }

    /**
     * Forgets a session; what still waits for it is dropped.
     *
     * @param sessionId of the session; nothing happens if there is none.
     */
    void remove(final long sessionId) {
        final SessionEgress egress = egressById.remove(sessionId);
        if (egress == null) {
            return;
        }
        egress.discard();
        if (egress == last) {
            last = null;
        }
        for (int i = 0; i < dirtyCount; i++) {
            if (dirty[i] == egress) {
                removeDirty(i);
                return;
            }
        }
    }

    @Override
    public int claim(final long sessionId, final int length) {
        SessionEgress egress = last;
        if (egress == null || egress.sessionId() != sessionId) {
            egress = egressById.get(sessionId);
            last = egress;
        }
        if (egress != null && !egress.isOverflowed()) {
            if (!egress.isDirty) {
                addDirty(egress);
            }
            int offset = egress.claim(length);
            if (offset < 0) {
                // Others may hoard what memory there is: a session whose client reads gets by with a block of its own.
                egress.sendWaiting(counters);
                offset = egress.claim(length);
            }
            if (offset >= 0) {
                claimed = egress;
                return offset;
            }
            egress.overflow();
        }
        claimed = null;
        return 0;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return claimed == null ? scratch : claimed.buffer();
    }

    @Override
    public void commit() {
        if (claimed == null) {
            counters.egressDiscarded++;
        } else {
            claimed.commit();
        }
    }

    /**
     * Sends what can be sent.
     *
     * @param nowNs reading of the monotonic clock.
     * @return frames sent.
     */
    int flush(final long nowNs) {
        final long before = counters.egressFrames;
        for (int i = dirtyCount - 1; i >= 0; i--) {
            final SessionEgress egress = dirty[i];
            if (egress.flush(nowNs, counters) && !egress.isOverflowed()) {
                removeDirty(i);
            }
        }
        return (int) (counters.egressFrames - before);
    }

    /** {@return sessions whose output could not all be sent, or was dropped because too much of it waited} */
    int waitingCount() {
        return dirtyCount;
    }

    /**
     * One of the sessions counted by {@link #waitingCount()}.
     *
     * @param index from 0.
     * @return its egress.
     */
    SessionEgress waiting(final int index) {
        return dirty[index];
    }

    private void addDirty(final SessionEgress egress) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, dirtyCount * 2);
        }
        dirty[dirtyCount++] = egress;
        egress.isDirty = true;
    }

    private void removeDirty(final int index) {
        dirty[index].isDirty = false;
        dirty[index] = dirty[--dirtyCount];
        dirty[dirtyCount] = null;
    }
}

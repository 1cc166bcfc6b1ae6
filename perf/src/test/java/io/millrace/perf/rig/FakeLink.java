package io.millrace.perf.rig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * A link in a world of its own: time passes when it is looked at, every message comes back after a fixed time, and the far end
 * can stall or have only so much room.
 */
final class FakeLink implements Link, NanoClock {
    private final Deque<long[]> underWay = new ArrayDeque<>();
    private final List<Long> stamps = new ArrayList<>();
    private final long latencyNs;
    private final long tickNs;
    private long nowNs = -5_000;
    private long stallFromNs = Long.MAX_VALUE;
    private long stallToNs = Long.MAX_VALUE;
    private int room = Integer.MAX_VALUE;
    private int mostUnderWay;
    private long lastFreeNs = Long.MIN_VALUE;
    private long serviceNs;
    private DeliveryListener listener;
    private long returned;

    FakeLink(final long latencyNs, final long tickNs) {
        this.latencyNs = latencyNs;
        this.tickNs = tickNs;
    }

    FakeLink stall(final long fromNs, final long toNs) {
        stallFromNs = nowNs + fromNs;
        stallToNs = nowNs + toNs;
        return this;
    }

    FakeLink room(final int messages) {
        room = messages;
        return this;
    }

    /** The far end needs this long for every message, one after the other. */
    FakeLink service(final long eachNs) {
        serviceNs = eachNs;
        return this;
    }

    int mostUnderWay() {
        return mostUnderWay;
    }

    List<Long> stamps() {
        return stamps;
    }

    @Override
    public long nanoTime() {
        nowNs += tickNs;
        return nowNs;
    }

    /** A warm-up that is over after a time. */
    BooleanSupplier hasPassed(final long timeNs) {
        final long endNs = nowNs + timeNs;
        return () -> nowNs >= endNs;
    }

    @Override
    public void listener(final DeliveryListener deliveryListener) {
        listener = deliveryListener;
    }

    @Override
    public boolean offer(final int messages, final long stamp) {
        if (underWay.size() + messages > room) {
            return false;
        }
        for (int i = 0; i < messages; i++) {
            stamps.add(stamp);
            lastFreeNs = Math.max(lastFreeNs, nowNs) + serviceNs;
            underWay.add(new long[] {stamp, afterStall(lastFreeNs + latencyNs)});
        }
        mostUnderWay = Math.max(mostUnderWay, underWay.size());
        return true;
    }

    private long afterStall(final long timeNs) {
        return timeNs >= stallFromNs && timeNs < stallToNs ? stallToNs : timeNs;
    }

    @Override
    public int poll() {
        nowNs += tickNs;
        int count = 0;
        while (!underWay.isEmpty() && underWay.peek()[1] <= nowNs) {
            returned++;
            count++;
            listener.onDelivery(underWay.remove()[0]);
        }
        return count;
    }

    @Override
    public long settled() {
        return returned;
    }

    @Override
    public long completed() {
        return returned;
    }

    @Override
    public void close() {
        underWay.clear();
    }
}

package io.millrace.kernel;

/**
 * What the kernel has done since it was made, and what it holds. Plain fields written by the kernel's thread and no part of its
 * state: the host copies them to where others can read them.
 */
public final class KernelCounters {
    long sends;
    long deliveries;
    long redeliveries;
    long acknowledgements;
    long refusals;
    long availableMessages;
    long delayedMessages;
    long inFlightMessages;
    long timersFired;
    long timerLatenessNs;
    long maxTimerLatenessNs;
    private long awakeSinceNs;
    long duplicates;
    long deadLetters;
    long redriven;
    long buried;
    long expired;
    long notAuthorised;
    long publishes;
    long undeliverable;
    long unusedBlobs;
    long filtered;
    long puts;
    long reads;
    long archived;
    long replayed;
    long replaysFailed;

    KernelCounters() {}

    /**
     * Messages that went into the archives of topics.
     *
     * @return the number.
     */
    public long archived() {
        return archived;
    }

    /**
     * Messages out of archives that subscriptions got.
     *
     * @return the number.
     */
    public long replayed() {
        return replayed;
    }

    /**
     * Replays that could not come to their end.
     *
     * @return the number.
     */
    public long replaysFailed() {
        return replaysFailed;
    }

    /**
     * Records put to streams.
     *
     * @return the number.
     */
    public long puts() {
        return puts;
    }

    /**
     * Reads of shards granted.
     *
     * @return the number.
     */
    public long reads() {
        return reads;
    }

    /**
     * Messages published to topics, duplicates not counted.
     *
     * @return the number.
     */
    public long publishes() {
        return publishes;
    }

    /**
     * Messages that a subscription was not for, by its filter policy: one for each subscription and message.
     *
     * @return the number.
     */
    public long filtered() {
        return filtered;
    }

    /**
     * Published messages that a subscription could not take and that were discarded, as it has no dead-letter queue.
     *
     * @return the number.
     */
    public long undeliverable() {
        return undeliverable;
    }

    /**
     * Blobs that the host was told to remove: nothing refers to them any more.
     *
     * @return the number.
     */
    public long unusedBlobs() {
        return unusedBlobs;
    }

    /**
     * Messages moved to dead-letter queues.
     *
     * @return the number.
     */
    public long deadLetters() {
        return deadLetters;
    }

    /**
     * Messages of dead-letter queues made new in other queues by redrive tasks.
     *
     * @return the number.
     */
    public long redriven() {
        return redriven;
    }

    /**
     * Messages accepted and dropped because their deduplication id was known.
     *
     * @return the number.
     */
    public long duplicates() {
        return duplicates;
    }

    /**
     * Messages discarded with the purge or the deletion of their queue.
     *
     * @return the number.
     */
    public long buried() {
        return buried;
    }

    /**
     * Messages discarded because their retention or their time to live was over.
     *
     * @return the number.
     */
    public long expired() {
        return expired;
    }

    /**
     * Requests refused because the principal may not do what it asked for.
     *
     * @return the number.
     */
    public long notAuthorised() {
        return notAuthorised;
    }

    /**
     * Messages stored.
     *
     * @return the number.
     */
    public long sends() {
        return sends;
    }

    /**
     * Deliveries, redeliveries included.
     *
     * @return the number.
     */
    public long deliveries() {
        return deliveries;
    }

    /**
     * Deliveries that were not the first of their message.
     *
     * @return the number.
     */
    public long redeliveries() {
        return redeliveries;
    }

    /**
     * Messages removed by acknowledge or delete.
     *
     * @return the number.
     */
    public long acknowledgements() {
        return acknowledgements;
    }

    /**
     * Requests refused and entries not done.
     *
     * @return the number.
     */
    public long refusals() {
        return refusals;
    }

    /**
     * Messages that can be delivered now.
     *
     * @return the number.
     */
    public long availableMessages() {
        return availableMessages;
    }

    /**
     * Messages that wait for their time.
     *
     * @return the number.
     */
    public long delayedMessages() {
        return delayedMessages;
    }

    /**
     * Messages delivered and not acknowledged.
     *
     * @return the number.
     */
    public long inFlightMessages() {
        return inFlightMessages;
    }

    /**
     * Timers that came due.
     *
     * @return the number.
     */
    public long timersFired() {
        return timersFired;
    }

    /**
     * How late the timer that came due last was. What came due while no server ran counts from the start of the server on.
     *
     * @return nanoseconds between the deadline and the record that it fired with.
     */
    public long timerLatenessNs() {
        return timerLatenessNs;
    }

    /**
     * Greatest lateness of a timer since the start of the server.
     *
     * @return nanoseconds.
     */
    public long maxTimerLatenessNs() {
        return maxTimerLatenessNs;
    }

    void onBoot(final long timeNs) {
        awakeSinceNs = timeNs;
        timerLatenessNs = 0;
        maxTimerLatenessNs = 0;
    }

    void onTimer(final long timeNs, final long deadlineNs) {
        timersFired++;
        timerLatenessNs = timeNs - Math.max(deadlineNs, awakeSinceNs);
        maxTimerLatenessNs = Math.max(maxTimerLatenessNs, timerLatenessNs);
    }
}

package io.millrace.perf.demo;

/**
 * What the processes of one part counted.
 *
 * @param sent         trades published.
 * @param confirmed    trades whose send was confirmed.
 * @param acknowledged deliveries whose acknowledgement was confirmed.
 * @param elapsedNs    from the first send to the last acknowledgement confirmed, 0 if that never came.
 * @param failure      which process failed or hung while trades were under way, null if none did.
 */
record DemoCounts(long sent, long confirmed, long acknowledged, long elapsedNs, String failure) {
    /**
     * Reads the reports.
     *
     * @param published sent, confirmed, start.
     * @param consumed  delivered, acknowledged, redelivered, end.
     * @param failure   null if there was none.
     * @return the counts.
     */
    static DemoCounts of(final String[] published, final String[] consumed, final String failure) {
        return new DemoCounts(
                Long.parseLong(published[0]),
                Long.parseLong(published[1]),
                Long.parseLong(consumed[1]),
                failure == null ? Long.parseLong(consumed[3]) - Long.parseLong(published[2]) : 0,
                failure);
    }
}

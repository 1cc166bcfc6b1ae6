package io.millrace.perf.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What the part with a stream found.
 *
 * @param put       records that were put.
 * @param read      records that each member of the group read.
 * @param bars      bars that they made.
 * @param durationNs from the first put to the last record that was read.
 * @param reasons   what is wrong with the bars, a sentence each.
 * @param failure   of a process, null if there was none.
 * @param csv       the bars.
 * @param plot      a picture of them.
 */
record TapeResult(
        long put,
        List<Long> read,
        List<Bar> bars,
        long durationNs,
        List<String> reasons,
        String failure,
        Path csv,
        Path plot) {
    /** {@return whether every bar is as the recording says, and both members had a part in it} */
    boolean isVerified() {
        return reasons.isEmpty()
                && failure == null
                && read.stream().allMatch(records -> records > 0)
                && read.stream().mapToLong(Long::longValue).sum() == put;
    }

    /** {@return records a second from put to bar} */
    long recordsPerSecond() {
        return durationNs <= 0 ? 0 : Math.round(put * 1e9 / durationNs);
    }
}

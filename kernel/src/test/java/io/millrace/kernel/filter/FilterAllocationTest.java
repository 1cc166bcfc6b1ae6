package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Once warm, compiling, adding, matching and removing allocate nothing on the heap. */
class FilterAllocationTest {
    private static final int POLICIES = 200;
    private static final int ROUNDS = 2_000;
    private static final int ATTEMPTS = 5;

    /** The programs of all subscriptions, the same for each number. */
    private static final class Rows implements FilterIndex.Programs {
        @Override
        public long id(final int subscription) {
            return subscription;
        }

        private final UnsafeBuffer[] programs = new UnsafeBuffer[POLICIES];

        @Override
        public DirectBuffer buffer(final int subscription) {
            return programs[subscription];
        }

        @Override
        public int offset(final int subscription) {
            return 0;
        }
    }

    private final RandomFilters filters = new RandomFilters(new Random(17));
    private final Policies policies = new Policies();
    private final FilterCompiler compiler = new FilterCompiler();
    private final FilterIndex index = new FilterIndex(() -> 1);
    private final FilterMessage message = new FilterMessage();
    private final Rows rows = new Rows();
    private final UnsafeBuffer[] sources = new UnsafeBuffer[POLICIES];
    private final UnsafeBuffer[] payloads = new UnsafeBuffer[POLICIES];
    private long matches;

    @Test
    void shouldAllocateNothingOnceWarm() {
        for (int i = 0; i < POLICIES; i++) {
            final String policy = policy();
            sources[i] = Policies.bytes(policy);
            final int length = policies.program(policy, FilterScope.BODY).capacity();
            rows.programs[i] = new UnsafeBuffer(new byte[length]);
            payloads[i] = Policies.payload(filters.body(), filters.attributes().toArray(new Policies.Attribute[0]));
        }
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        rounds();
        do {
            bytes[attempts] = bytesAllocated();
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        assertTrue(matches > ROUNDS, () -> "matches: " + matches);
    }

    private String policy() {
        while (true) {
            filters.nextShape();
            final String policy = filters.bodyPolicy();
            if (policies.refusal(policy, FilterScope.BODY).equals("NONE")) {
                return policy;
            }
        }
    }

    private long bytesAllocated() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        rounds();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void rounds() {
        for (int i = 0; i < POLICIES; i++) {
            compileAndAdd(i);
        }
        for (int round = 0; round < ROUNDS; round++) {
            final int i = round % POLICIES;
            index.remove(i);
            compileAndAdd(i);
            matches += index.match(1, message.wrap(payloads[i], 0), rows);
        }
        for (int i = 0; i < POLICIES; i++) {
            index.remove(i);
        }
    }

    private void compileAndAdd(final int i) {
        compiler.compile(sources[i], 0, sources[i].capacity(), FilterScope.BODY, rows.programs[i], 0);
        index.add(1, i, rows.programs[i], 0);
    }
}

package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RefusedEncoder;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EgressHubTest {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int STREAM_ID = 7;
    private static final long SESSION = 1;
    private static final int LENGTH = 16 * 1024;
    private static final int TERM_LENGTH = 1024 * 1024;

    private final HostCounters counters = new HostCounters();
    private final EgressHub hub = new EgressHub(counters);
    private final StagingPool pool = new StagingPool(0, 2);
    private final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) -> onMessage());
    private MediaDriver driver;
    private Aeron aeron;
    private Subscription subscription;
    private ExclusivePublication publication;
    private SessionEgress egress;
    private int received;

    @BeforeEach
    void connect() {
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(CommonContext.getAeronDirectoryName() + "-millrace-test-" + UUID.randomUUID())
                .threadingMode(ThreadingMode.INVOKER)
                .ipcTermBufferLength(TERM_LENGTH)
                .dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
        subscription = aeron.addSubscription("aeron:ipc", STREAM_ID);
        publication = aeron.addExclusivePublication("aeron:ipc", STREAM_ID);
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!publication.isConnected() || !subscription.isConnected()) {
            assertTrue(System.nanoTime() - deadline < 0, "the publication is not connected");
            driver.sharedAgentInvoker().invoke();
            aeron.conductorAgentInvoker().invoke();
        }
        egress = new SessionEgress(SESSION, publication, pool, TERM_LENGTH);
        hub.add(egress);
    }

    @AfterEach
    void disconnect() {
        CloseHelper.closeAll(aeron, driver);
    }

    @Test
    void shouldServeAReaderWhileOthersHoardAllMemory() {
        hoardEverything();

        put(12);
        hub.flush(1);
        read();

        assertFalse(egress.isOverflowed());
        assertEquals(12, received);
        assertEquals(0, counters.egressDiscarded);
    }

    @Test
    void shouldGiveUpASessionThatHasNoMemoryAndDoesNotRead() {
        hoardEverything();
        fillPublication();

        put(12);

        assertTrue(egress.isOverflowed());
        assertTrue(counters.egressDiscarded > 0);
    }

    @Test
    void shouldReportWhatItSentAndNotWhatWaits() {
        put(40);

        assertTrue(hub.flush(1) > 0);
        assertEquals(1, hub.waitingCount());
        assertEquals(0, hub.flush(2));
        assertEquals(1, egress.lastProgressNs);
    }

    @Test
    void shouldCountPatienceFromTheFirstOutputThatWaits() {
        fillPublication();
        put(1);

        hub.flush(1_000);
        hub.flush(2_000);

        assertEquals(1_000, egress.lastProgressNs);
        assertEquals(1, hub.waitingCount());
    }

    @Test
    void shouldNotWriteBeyondABlock() {
        assertEquals(0, hub.claim(SESSION, StagingPool.BLOCK_BYTES));
        hub.commit();

        assertTrue(egress.isOverflowed());
        assertEquals(1, counters.egressDiscarded);
    }

    private void hoardEverything() {
        while (pool.take(false) != null) {
            assertTrue(pool.usedBytes() > 0);
        }
    }

    private void fillPublication() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        while (publication.offer(buffer) > 0) {
            assertTrue(publication.position() <= TERM_LENGTH, "the publication takes more than its window");
        }
    }

    private void put(final int messages) {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        for (int i = 0; i < messages; i++) {
            final int offset = hub.claim(SESSION, LENGTH);
            header.wrap(hub.buffer(), offset)
                    .blockLength(RefusedEncoder.BLOCK_LENGTH)
                    .templateId(RefusedEncoder.TEMPLATE_ID)
                    .messageLength(LENGTH);
            hub.commit();
        }
    }

    private void onMessage() {
        received++;
    }

    private void read() {
        while (subscription.poll(assembler, 100) > 0) {
            assertTrue(received <= 12);
        }
    }
}

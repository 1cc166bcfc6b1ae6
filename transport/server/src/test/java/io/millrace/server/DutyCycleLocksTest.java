package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.kernel.Kernel;
import io.millrace.store.ChronicleJournal;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * Our own code on the duty cycle takes no lock, free or not: everything that {@link DutyCycle#doWork()} can reach is searched.
 * What the libraries do inside is for {@link SteadyStateTest} to watch.
 */
class DutyCycleLocksTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace.server", "io.millrace.kernel", "io.millrace.store", "io.millrace.codecs");

    /**
     * What the loop does not do in steady state, or not when it has a thread for slow work beside it; logs are opened by it in replay only.
     * A file of an index is made by the keeper ahead of time; the lock, entered where a file begins, waits for it or makes it.
     */
    private static final Set<String> DOORS = Set.of(
            "ErrorReporter.onError",
            "Snapshots.write",
            "DutyCycle.doHelperWork",
            "DutyCycle.restartTransport",
            "RecordLogHost.openNow",
            "IndexWriter.beginFile");

    @Test
    void shouldReachNoLockInSteadyState() {
        final ReachableCode code = ReachableCode.from(OURS, DutyCycle.class, "doWork", DOORS);

        assertTrue(code.contains(ChronicleJournal.class, "append"));
        assertTrue(code.contains(Kernel.class, "apply"));
        assertTrue(code.size() > 500, () -> code.size() + " methods are reached");
        assertEquals(DOORS, code.doorsSeen());
        assertEquals(Set.of(), code.stops(), code::ways);
    }

    @Test
    void shouldReachTheLocksOfTheSlowSideBehindTheDoors() {
        final ReachableCode code = ReachableCode.from(OURS, DutyCycle.class, "doWork", Set.of());

        assertTrue(code.stops().contains("ErrorReporter.onError: synchronized"), () -> "found " + code.stops());
        assertTrue(code.stops().contains("JournalHousekeeping.sync: synchronized"), () -> "found " + code.stops());
    }

    @Test
    void shouldFindEveryKindOfLock() {
        final JavaClasses samples = new ClassFileImporter().importClasses(Sample.class, Offender.class, Locking.class);

        final ReachableCode code = ReachableCode.from(samples, Sample.class, "run", Set.of());

        assertEquals(
                Set.of(
                        "Locking.offend: synchronized",
                        "Sample.run: synchronized block",
                        "Sample.inLambda: synchronized block",
                        "Sample.inLibrary: calls java.lang.StringBuffer.append",
                        "Sample.lock: calls java.util.concurrent.locks.ReentrantLock.lock",
                        "Sample.pause: calls java.lang.Thread.sleep"),
                code.stops());
    }

    /** Called through an interface only. */
    private interface Offender {
        void offend();
    }

    private static final class Locking implements Offender {
        @Override
        public synchronized void offend() {
            Sample.count++;
        }
    }

    /** One of each kind. */
    private static final class Sample {
        private static int count;

        private final ReentrantLock lock = new ReentrantLock();
        private Offender offender;

        void run() throws InterruptedException {
            synchronized (this) {
                count++;
            }
            offender.offend();
            inLambda().run();
            lock();
            pause();
            inLibrary(new StringBuffer());
        }

        private Runnable inLambda() {
            return () -> {
                synchronized (this) {
                    count++;
                }
            };
        }

        private void lock() {
            lock.lock();
        }

        /** Never called: the search must find the sleep in its bytecode. */
        private static void pause() throws InterruptedException {
            Thread.sleep(1);
        }

        private static void inLibrary(final StringBuffer buffer) {
            buffer.append(count);
        }

        synchronized void neverCalled() {
            count++;
        }
    }
}

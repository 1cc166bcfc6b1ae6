package io.millrace.server;

import io.millrace.codecs.BootEncoder;
import io.millrace.codecs.ConfigureEncoder;
import io.millrace.codecs.GenesisEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import io.millrace.store.AppendResult;
import io.millrace.store.Journal;
import java.security.SecureRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first batch of a start: in a new directory the secret that receipts are signed with, then the boot, then the limits if
 * they are not those that the kernel has.
 */
final class FirstRecords {

    private static final int MAX_RECORD_BYTES = 4_096;

    private final Batch batch;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_RECORD_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    private FirstRecords(final Batch batch) {
        this.batch = batch;
    }

    /**
     * Writes and applies the batch.
     *
     * @param batch   of the server, empty.
     * @param kernel  recovered.
     * @param journal behind the batch.
     * @param limits  to be in force.
     * @param timeNs  kernel time.
     * @throws ServerException with reason STORE if the journal declines.
     */
    static void write(
            final Batch batch, final Kernel kernel, final Journal journal, final Limits limits, final long timeNs) {
        final FirstRecords records = new FirstRecords(batch);
        final long nextPosition = journal.nextPosition();
        if (nextPosition == 0) {
            records.genesis();
        }
        records.boot(journal.bootEpoch(), nextPosition - 1, kernel.stateHash());
        if (nextPosition == 0 || !limits.equals(kernel.limits())) {
            records.configure(limits);
        }
        final int result = batch.commit(timeNs);
        if (result != AppendResult.OK) {
            throw new ServerException(
                    ServerException.Reason.STORE,
                    "The journal does not take the first record of this start: " + AppendResult.name(result) + ".");
        }
    }

    private void genesis() {
        final SecureRandom random = new SecureRandom();
        final GenesisEncoder genesis = new GenesisEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .secret0(random.nextLong())
                .secret1(random.nextLong())
                .directoryId(random.nextLong());
        append(genesis.encodedLength());
    }

    private void boot(final long bootEpoch, final long resumesAfter, final long stateHash) {
        final BootEncoder boot = new BootEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .bootEpoch(bootEpoch)
                .resumesAfter(resumesAfter)
                .stateHash(stateHash)
                .kernelVersion(Kernel.VERSION);
        append(boot.encodedLength());
    }

    private void configure(final Limits limits) {
        final ConfigureEncoder configure =
                new ConfigureEncoder().wrapAndApplyHeader(buffer, 0, header).profile(limits.profile());
        int count = 0;
        for (final LimitId id : LimitId.values()) {
            count += isLimit(id) ? 1 : 0;
        }
        final ConfigureEncoder.LimitsEncoder group = configure.limitsCount(count);
        for (final LimitId id : LimitId.values()) {
            if (isLimit(id)) {
                group.next().value(limits.get(id)).limitId(id);
            }
        }
        append(configure.encodedLength());
    }

    private static boolean isLimit(final LimitId id) {
        return id != LimitId.NONE && id != LimitId.NULL_VAL;
    }

    private void append(final int bodyLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        header.wrap(buffer, 0).messageLength(length).frameSequence(0);
        if (!batch.appendHostRecord(buffer, length)) {
            throw new IllegalStateException("the first batch of a start does not fit");
        }
    }
}

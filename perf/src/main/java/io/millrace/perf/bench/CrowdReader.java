package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.RigException;
import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.ShardReader;
import org.agrona.DirectBuffer;

/** One of many processes that read the mapped files of a shard at full speed, or spin without reading, as it is told. */
final class CrowdReader {
    /** Command to read what is put from now on. */
    static final String READ = "read";

    /** Command to spin. */
    static final String SPIN = "spin";

    /** Command to do nothing; report of how many records were read since the command before. */
    static final String REST = "rest";

    private static final int LIMIT = 1_000;
    private static final int TURNS_PER_LOOK_AT_PARENT = 16;

    private final ParentLink parent;
    private final ShardReader reader;
    private final RecordHandler handler = this::onRecord;
    private long lastSequenceNumber;
    private long records;
    private long turns;

    private CrowdReader(final ParentLink parent, final ShardReader reader) {
        this.parent = parent;
        this.reader = reader;
    }

    public static void main(final String[] args) {
        final ParentLink parent = ParentLink.open();
        try (ShardReader reader = ShardReader.open(
                TrialSettings.directory(args), TrialSettings.further(args, 0), TrialSettings.further(args, 1))) {
            parent.report(LatencyReader.READING, reader.lastSequence());
            new CrowdReader(parent, reader).run();
        }
    }

    private void run() {
        for (String command = parent.awaitCommand(); command != null; command = parent.awaitCommand()) {
            switch (command) {
                case READ -> read();
                case SPIN -> spin();
                case REST -> rest();
                default -> throw new IllegalArgumentException("Nobody knows how to \"" + command + "\".");
            }
        }
    }

    private void rest() {
        parent.report(REST, records);
        records = 0;
    }

    private void read() {
        reader.seekToLatest();
        while (!parent.hasCommand()) {
            for (int i = 0; i < TURNS_PER_LOOK_AT_PARENT; i++) {
                records += reader.poll(handler, LIMIT);
            }
        }
    }

    private void onRecord(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final long journalPosition,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (sequenceNumber <= lastSequenceNumber) {
            throw new RigException("Record " + sequenceNumber + " was read behind " + lastSequenceNumber + ".");
        }
        lastSequenceNumber = sequenceNumber;
    }

    /** The control is a core that is as busy, so nothing here says to the processor that it waits. */
    private void spin() {
        while (!parent.hasCommand()) {
            for (int i = 0; i < TURNS_PER_LOOK_AT_PARENT; i++) {
                turns++;
            }
        }
    }
}

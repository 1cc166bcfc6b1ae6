package io.millrace.store;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.StartFolders;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongCounterMap;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * The slow side of the record logs: opens, forces and removes files. Every method but {@link #hold} and {@link #release} holds
 * this object's monitor, which the appending thread never enters.
 */
public final class RecordLogKeeper {
    private static final long OWN = -1;
    private static final int PAGES_PER_TURN = 64;

    /**
     * A shard that is open.
     *
     * @param log    where its records go.
     * @param number of the shared log, or {@link #OWN}.
     * @param page   of the shard.
     */
    private record Shard(ShardLog log, long number, MappedPage page) {}

    /** Something done to the page of a shard. */
    private interface PageAction {
        void on(MappedPage page) throws IOException;
    }

    private final RecordLogContext context;
    private final RecordLogStore store;
    private final ManyToOneConcurrentLinkedQueue<ShardLog> opened;
    private final ManyToOneConcurrentLinkedQueue<RecordLogTask> tasks;
    private final RecordExcerptBuilder large;
    private final Map<Long, Shard> shards = new HashMap<>();
    private final Map<Long, RecordLog> sharedLogs = new HashMap<>();
    private final List<RecordLog> logs = new ArrayList<>();
    private final SharedHorizons horizons;
    private final Holds held = new Holds();
    private final List<RecordLogTask> waiting = new ArrayList<>();
    private final List<RecordLogRecovery.Damage> damage = new ArrayList<>();
    private final Long2LongCounterMap ownLogsOf = new Long2LongCounterMap(0);
    private int ownLogs;
    private boolean closed;

    RecordLogKeeper(
            final RecordLogContext context,
            final RecordLogStore store,
            final ManyToOneConcurrentLinkedQueue<ShardLog> opened,
            final ManyToOneConcurrentLinkedQueue<RecordLogTask> tasks)
            throws IOException {
        this.context = context;
        this.store = store;
        this.opened = opened;
        this.tasks = tasks;
        large = new RecordExcerptBuilder(RecordLog.excerptBytes(context.maxRecordBytes()));
        horizons = SharedHorizons.load(context.dataDirectory());
    }

    /**
     * Does what the appending thread has asked for, and brings pages in front of it into memory.
     *
     * @return tasks done and pages touched.
     * @throws JournalException if a file cannot be made, forced or removed, or the disk is full; what was asked for is tried
     *                          again by the next call.
     */
    public synchronized int doHousekeeping() {
        if (closed) {
            return 0;
        }
        int count = 0;
        for (int i = waiting.size(); i > 0; i--) {
            count += run(waiting.remove(0));
        }
        for (RecordLogTask task = tasks.poll(); task != null; task = tasks.poll()) {
            count += run(task);
        }
        return count + touch();
    }

    /** Not far at a time, so that tasks do not wait. */
    private int touch() {
        int count = 0;
        try {
            for (int i = 0; i < logs.size(); i++) {
                logs.get(i).prepare();
                if (context.touchAheadBytes() > 0) {
                    count += logs.get(i).touch(context.touchAheadBytes(), PAGES_PER_TURN);
                }
            }
        } catch (final IOException e) {
            throw new JournalException("a file of a record log cannot be made or opened", e);
        } catch (final InternalError e) {
            // The JVM's answer to a store for which the disk has no block left.
            throw new JournalException("the disk has no room for the pages of a record log", e);
        }
        return count;
    }

    private int run(final RecordLogTask task) {
        try {
            switch (task.kind()) {
                case OPEN -> opened.offer(open(task.streamId(), task.shardId()).log());
                case SEAL -> seal(task);
                case TRIM_STREAM -> trimStream(task);
                case TRIM -> trim(task);
                case DELETE -> delete(task);
                default -> throw new IllegalStateException(task.toString());
            }
            return 1;
        } catch (final IOException e) {
            waiting.add(task);
            throw new JournalException("cannot do " + task, e);
        }
    }

    private Shard open(final long streamId, final long shardId) throws IOException {
        Shard shard = shards.get(shardId);
        if (shard == null) {
            final Path folder = StreamFolders.shard(context.dataDirectory(), streamId, shardId);
            MappedPage.makeFolder(folder);
            final long number = numberOf(folder, streamId, shardId);
            shard = number == OWN ? openOwn(folder, streamId, shardId) : openShared(folder, streamId, shardId, number);
            shards.put(shardId, shard);
        }
        return shard;
    }

    /**
     * Where the records of a shard go: where they went before, else to a log of its own while there are few. Other shards of a
     * stream share one log, so that a batch of many shards writes one excerpt and few pages.
     */
    private long numberOf(final Path folder, final long streamId, final long shardId) throws IOException {
        final long number = SharedHorizons.numberOf(folder);
        if (number != SharedHorizons.NO_PAGE) {
            return number;
        }
        final boolean own =
                hasRoomForOwn(streamId) || !StartFolders.epochs(folder).isEmpty();
        return own ? OWN : streamId % context.sharedLogs();
    }

    private boolean hasRoomForOwn(final long streamId) {
        return ownLogs < context.maxOwnLogs() && ownLogsOf.get(streamId) < context.maxOwnLogsOfStream();
    }

    private void countOwn(final long streamId, final int change) {
        ownLogs += change;
        ownLogsOf.getAndAdd(streamId, change);
    }

    private Shard openOwn(final Path folder, final long streamId, final long shardId) throws IOException {
        final RecordLog log = new RecordLog(context, folder, streamId, shardId, large);
        damage.addAll(log.recovery().damage());
        countOwn(streamId, 1);
        logs.add(log);
        return new Shard(log.shard(streamId, shardId), OWN, log.page());
    }

    private Shard openShared(final Path folder, final long streamId, final long shardId, final long number)
            throws IOException {
        RecordLog log = sharedLogs.get(number);
        if (log == null) {
            log = new RecordLog(
                    context, StreamFolders.shared(context.dataDirectory(), number), RecordLog.SHARED, number, large);
            damage.addAll(log.recovery().damage());
            sharedLogs.put(number, log);
            logs.add(log);
        }
        final MappedPage page = RecordLog.openPage(folder, streamId, shardId, number);
        horizons.add(folder, number, page.get(LogPage.HORIZON_OFFSET));
        return new Shard(log.shard(streamId, shardId), number, page);
    }

    private void seal(final RecordLogTask task) throws IOException {
        // A shard that never got a record may have lost its folder with the power.
        if (!Files.exists(folderOf(task).resolve(LogPage.FILE_NAME))) {
            open(task.streamId(), task.shardId());
        }
        onPage(task, page -> {
            page.set(LogPage.LAST_SEQUENCE_OFFSET, task.value());
            page.set(LogPage.SEALED_OFFSET, 1);
            page.force();
        });
        final Shard shard = shards.get(task.shardId());
        if (shard != null && shard.number() == OWN) {
            shard.log().log.sync();
        }
        forget(task.shardId());
    }

    private void forget(final long shardId) {
        final Shard shard = shards.remove(shardId);
        if (shard != null && shard.number() == OWN) {
            logs.remove(shard.log().log);
            shard.log().log.close();
            countOwn(shard.log().streamId, -1);
        } else if (shard != null) {
            shard.page().close();
        }
    }

    private Path folderOf(final RecordLogTask task) {
        return StreamFolders.shard(context.dataDirectory(), task.streamId(), task.shardId());
    }

    private void onPage(final RecordLogTask task, final PageAction action) throws IOException {
        final Shard shard = shards.get(task.shardId());
        final Path folder = folderOf(task);
        if (shard != null) {
            action.on(shard.page());
        } else if (Files.exists(folder.resolve(LogPage.FILE_NAME))) {
            try (MappedPage page = MappedPage.open(folder.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
                action.on(page);
            }
        }
    }

    private void trimStream(final RecordLogTask task) throws IOException {
        for (final Path shard : StartFolders.list(StreamFolders.stream(context.dataDirectory(), task.streamId()))) {
            trim(new RecordLogTask(
                    RecordLogTask.Kind.TRIM,
                    task.streamId(),
                    Long.parseLong(shard.getFileName().toString()),
                    task.value()));
        }
    }

    private void trim(final RecordLogTask task) throws IOException {
        onPage(
                task,
                page -> page.set(LogPage.HORIZON_OFFSET, Math.max(task.value(), page.get(LogPage.HORIZON_OFFSET))));
        final Path folder = folderOf(task);
        final long number = SharedHorizons.numberOf(folder);
        if (number == SharedHorizons.NO_PAGE) {
            return;
        }
        if (held.has(key(number, task.shardId()))) {
            waiting.add(task);
        } else if (number == OWN) {
            LogRemoval.removeBefore(folder, task.value());
        } else if (horizons.set(number, task.shardId(), task.value())) {
            final Path log = StreamFolders.shared(context.dataDirectory(), number);
            LogRemoval.removeBefore(log, horizons.least(number));
            LogRemoval.removeIndexBefore(log, horizons);
        }
    }

    private void delete(final RecordLogTask task) throws IOException {
        final Path folder = folderOf(task);
        final long number = SharedHorizons.numberOf(folder);
        onPage(task, page -> page.set(LogPage.DELETED_OFFSET, 1));
        if (held.has(key(number, task.shardId()))) {
            waiting.add(task);
            return;
        }
        forget(task.shardId());
        horizons.remove(number, task.shardId());
        LogRemoval.removeAll(folder);
        LogRemoval.removeIfEmpty(StreamFolders.stream(context.dataDirectory(), task.streamId()));
    }

    /** Own logs are held by their shard's id, shared ones by a negative number that no shard has. */
    private static long key(final long number, final long shardId) {
        return number < 0 ? shardId : -1 - number;
    }

    /**
     * Keeps the files of a shard, until they are given back as often as they were taken. Waits for nothing that is slow.
     *
     * @param sharedLog number of the log that holds its records, -1 if it has its own.
     * @param shardId   the shard.
     */
    public void hold(final long sharedLog, final long shardId) {
        held.add(key(sharedLog, shardId), 1);
    }

    /**
     * Gives the files of a shard back.
     *
     * @param sharedLog as it was taken.
     * @param shardId   the shard.
     */
    public void release(final long sharedLog, final long shardId) {
        held.add(key(sharedLog, shardId), -1);
    }

    /**
     * Forces what was appended to the disk. A snapshot at the position returned, or before it, needs no replay for the logs.
     *
     * @return journal position up to which all logs are on the disk.
     * @throws JournalException if a file cannot be forced; never to be tried again.
     */
    public synchronized long sync() {
        final long position = store.flushedPosition();
        try {
            for (final Shard shard : shards.values()) {
                if (shard.number() == OWN) {
                    shard.log().log.sync();
                }
            }
            for (final RecordLog log : sharedLogs.values()) {
                log.sync();
            }
        } catch (final IOException e) {
            throw new JournalException("the record logs could not be forced to the disk", e);
        }
        return position;
    }

    /**
     * Places in the logs that no replay mends: readers get an error there.
     *
     * @return a line for each.
     */
    public synchronized List<String> damage() {
        return damage.stream()
                .map(place -> place.file() + " at byte " + place.position())
                .toList();
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            for (final Long shardId : List.copyOf(shards.keySet())) {
                forget(shardId);
            }
            sharedLogs.values().forEach(RecordLog::close);
        }
    }

    /** Logs whose files somebody needs, and how many do. */
    private static final class Holds {
        private final Long2LongCounterMap counts = new Long2LongCounterMap(0);

        synchronized void add(final long key, final long count) {
            counts.getAndAdd(key, count);
        }

        synchronized boolean has(final long key) {
            return counts.get(key) > 0;
        }
    }
}

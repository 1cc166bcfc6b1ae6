package io.millrace.store;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.StartFolders;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Horizons of the shards in each shared log: a file of it goes when no shard has records in reach there. */
final class SharedHorizons {
    /** The shard has no page, or the machine lost it. */
    static final long NO_PAGE = -2;

    private static final long NOTHING_IN_REACH = Long.MAX_VALUE;

    private final Map<Long, Map<Long, Long>> horizons = new HashMap<>();
    private final Map<Long, Path> folders = new HashMap<>();

    /** Looks at the pages of all shards, those that nobody opens in this start among them. */
    static SharedHorizons load(final Path dataDirectory) throws IOException {
        final SharedHorizons loaded = new SharedHorizons();
        for (final Path stream : StartFolders.list(StreamFolders.streams(dataDirectory))) {
            if (!isNumber(stream)) {
                continue;
            }
            for (final Path shard : StartFolders.list(stream)) {
                final long number = isNumber(shard) ? numberOf(shard) : NO_PAGE;
                if (number >= 0) {
                    try (MappedPage page = MappedPage.open(shard.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
                        loaded.add(shard, number, page.get(LogPage.HORIZON_OFFSET));
                    }
                }
            }
        }
        return loaded;
    }

    private static boolean isNumber(final Path path) {
        return path.getFileName().toString().chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Number of the shared log of the shard in a folder, -1 if it has its own, {@link #NO_PAGE} if nobody knows. */
    static long numberOf(final Path shard) throws IOException {
        final Path file = shard.resolve(LogPage.FILE_NAME);
        if (!Files.exists(file) || Files.size(file) < LogPage.LENGTH) {
            return NO_PAGE;
        }
        try (MappedPage page = MappedPage.open(file, LogPage.LENGTH)) {
            return page.get(LogPage.MAGIC_OFFSET) == LogPage.MAGIC ? page.get(LogPage.SHARED_OFFSET) : NO_PAGE;
        }
    }

    /** Adds a shard by its folder. */
    void add(final Path shard, final long number, final long horizonTimeNs) {
        final long shardId = Long.parseLong(shard.getFileName().toString());
        folders.put(shardId, shard);
        set(number, shardId, horizonTimeNs);
    }

    /** Folder of a shard, null if nobody knows. */
    Path folder(final long shardId) {
        return folders.get(shardId);
    }

    /** Sets the horizon of a shard; whether the least of its log rose. */
    boolean set(final long number, final long shardId, final long horizonTimeNs) {
        final long before = least(number);
        horizons.computeIfAbsent(number, key -> new HashMap<>()).merge(shardId, horizonTimeNs, Math::max);
        return least(number) > before;
    }

    void remove(final long number, final long shardId) {
        folders.remove(shardId);
        final Map<Long, Long> shards = horizons.get(number);
        if (shards != null) {
            shards.remove(shardId);
        }
    }

    /** Below this time no shard of a log has records in reach. */
    long least(final long number) {
        return horizons.getOrDefault(number, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(NOTHING_IN_REACH);
    }
}

package io.millrace.perf.demo;

import io.millrace.client.ConsumerGroups;
import io.millrace.client.GroupHandler;
import io.millrace.client.GroupInfo;
import io.millrace.client.GroupMember;
import io.millrace.client.MillraceClient;
import io.millrace.codecs.RevokeReason;
import io.millrace.perf.demo.codecs.MessageHeaderDecoder;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;

/**
 * One of the two processes of the consumer group: makes bars of the trades in the shards that it is given, and writes them down. A bar is
 * done with when a trade of another minute comes; so far the shard is checkpointed.
 */
final class TapeConsumer implements GroupHandler {
    private static final String GROUP = "bars";
    private static final int SHARDS_OF_A_MEMBER = TapePublisher.SHARDS / TapeRun.MEMBERS;

    private final MillraceClient client;
    private final ParentLink parent;
    private final IdleStrategy idle = DemoClient.idleStrategy();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TradeDecoder trade = new TradeDecoder();
    private final Map<Long, BarPart> open = new HashMap<>();
    private final Set<Long> assigned = new HashSet<>();
    private final Set<Long> ended = new HashSet<>();
    private final List<String> lines = new ArrayList<>();
    private GroupMember member;
    private long read;
    private long lastReadNs;

    private TapeConsumer(final MillraceClient client, final ParentLink parent) {
        this.client = client;
        this.parent = parent;
    }

    public static void main(final String[] args) throws IOException {
        final ParentLink parent = ParentLink.open();
        try (MillraceClient client = MillraceClient.connect(DemoClient.context(args[0], args[1]))) {
            new TapeConsumer(client, parent).run(args[1], Path.of(args[2]), Path.of(args[3]));
        }
        parent.awaitEnd();
    }

    private void run(final String name, final Path file, final Path dataDirectory) throws IOException {
        final ConsumerGroups groups = client.streams().groups();
        final long stream = client.streams().create(TapePublisher.STREAM, TapePublisher.SHARDS);
        client.streams().awaitActive(stream);
        final long group = groups.create(stream, GROUP);
        member = groups.joinShared(group, name, dataDirectory, this);
        pollUntil(() -> assigned.size() == SHARDS_OF_A_MEMBER);
        parent.report("consuming", client.sessionId());
        do {
            pollUntil(this::hasReadAll);
        } while (parent.isOpen() && !isNobodyWaitingIn(groups.describe(group)));
        Files.write(file, lines, StandardCharsets.UTF_8);
        parent.report("consumed", read + " " + lastReadNs);
        pollUntil(() -> false);
    }

    private void pollUntil(final BooleanSupplier condition) {
        while (!condition.getAsBoolean() && parent.isOpen()) {
            idle.idle(client.poll());
        }
    }

    private boolean hasReadAll() {
        return ended.containsAll(assigned);
    }

    /** Shards that wait for their parents, or for a member, may still come to this one. */
    private static boolean isNobodyWaitingIn(final GroupInfo group) {
        return group.waitingCount() == 0 && group.freeCount() == 0;
    }

    @Override
    public void onShardAssigned(final long shardId, final long afterSequenceNumber) {
        assigned.add(shardId);
        open.remove(shardId);
    }

    @Override
    public void onRecord(
            final long shardId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (dataLength == 0) {
            write(shardId);
            ended.add(shardId);
            return;
        }
        trade.wrapAndApplyHeader(buffer, dataOffset, header);
        final long minute = Bar.minuteOf(trade.timestamp());
        BarPart part = open.get(shardId);
        if (part == null || part.minute() != minute) {
            write(shardId);
            part = new BarPart(minute, sequenceNumber);
            open.put(shardId, part);
        }
        part.add(trade.priceCents(), trade.amount(), sequenceNumber);
        read++;
        lastReadNs = System.nanoTime();
    }

    /** Whoever has the shard next goes on behind the last trade of the part. */
    private void write(final long shardId) {
        final BarPart part = open.remove(shardId);
        if (part != null) {
            lines.add(part.toLine());
            member.checkpoint(shardId, part.lastSequence());
        }
    }

    @Override
    public void onShardEnd(final long shardId) {
        write(shardId);
        assigned.remove(shardId);
    }

    @Override
    public void onShardRevoked(final long shardId, final RevokeReason reason) {
        if (reason == RevokeReason.REQUESTED) {
            write(shardId);
        }
        assigned.remove(shardId);
    }
}

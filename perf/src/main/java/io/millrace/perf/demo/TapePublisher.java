package io.millrace.perf.demo;

import io.millrace.client.HashKey;
import io.millrace.client.MillraceClient;
import io.millrace.client.PutListener;
import io.millrace.client.ShardInfo;
import io.millrace.client.ShardSelection;
import io.millrace.client.StreamProducer;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.perf.demo.codecs.MessageHeaderEncoder;
import io.millrace.perf.demo.codecs.TradeEncoder;
import io.millrace.perf.process.ParentLink;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The process that puts the trades on the stream: one record a trade, its minute as the partition key. Half-way it splits a shard. At the end
 * an empty record in each open shard says that this is all.
 */
final class TapePublisher implements PutListener {
    /** Name of the stream. */
    static final String STREAM = "tape";

    /** Shards that it has at first. */
    static final int SHARDS = 4;

    private final MillraceClient client;
    private final ParentLink parent;
    private final IdleStrategy idle = DemoClient.idleStrategy();
    private final UnsafeBuffer record =
            new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TradeEncoder encoder = new TradeEncoder();
    private final StringBuilder key = new StringBuilder();
    private final long stream;
    private final StreamProducer producer;
    private long stored;
    private String refusal;

    private TapePublisher(final MillraceClient client, final ParentLink parent) {
        this.client = client;
        this.parent = parent;
        stream = client.streams().create(STREAM, SHARDS);
        client.streams().awaitActive(stream);
        producer = client.streams().producer(stream, this);
    }

    public static void main(final String[] args) {
        final List<Trade> trades = TradeFile.read(Integer.parseInt(args[1]));
        final ParentLink parent = ParentLink.open();
        try (MillraceClient client = MillraceClient.connect(DemoClient.context(args[0], "publisher"))) {
            final TapePublisher publisher = new TapePublisher(client, parent);
            parent.report("connected", client.sessionId());
            if (parent.awaitCommand() != null) {
                publisher.run(trades);
            }
        }
        parent.awaitEnd();
    }

    private void run(final List<Trade> trades) {
        final long startNs = System.nanoTime();
        for (int i = 0; i < trades.size() && parent.isOpen(); i++) {
            if (i == trades.size() / 2) {
                splitShard();
            }
            put(trades.get(i));
        }
        awaitStored();
        final long put = stored;
        for (final ShardInfo shard : client.streams().shards(stream, ShardSelection.OPEN)) {
            while (producer.offer(shard.firstHashKey(), "end", record, 0, 0) < 0 && parent.isOpen()) {
                idle.idle(client.poll());
            }
        }
        awaitStored();
        parent.report("published", put + " " + startNs);
    }

    private void put(final Trade trade) {
        encoder.wrapAndApplyHeader(record, 0, header)
                .timestamp(trade.timestamp())
                .priceCents(trade.priceCents())
                .amount(trade.amount())
                .sentNs(System.nanoTime())
                .row(trade.row())
                .reserved(0);
        key.setLength(0);
        key.append(Bar.minuteOf(trade.timestamp()));
        while (producer.offer(key, record, 0, record.capacity()) < 0 && parent.isOpen()) {
            poll();
        }
        if (trade.row() % Byte.SIZE == 0) {
            client.poll();
        }
    }

    /** Records go on while it is split: those behind belong to its children. */
    private void splitShard() {
        final ShardInfo shard =
                client.streams().shards(stream, ShardSelection.OPEN).get(0);
        client.streams().split(shard.shardId(), HashKey.middle(shard.firstHashKey(), shard.lastHashKey()));
    }

    private void awaitStored() {
        while (producer.pending() > 0 && parent.isOpen()) {
            poll();
        }
    }

    private void poll() {
        idle.idle(client.poll());
        if (refusal != null || client.isClosed()) {
            throw new IllegalStateException("The server refused a trade: " + refusal);
        }
    }

    @Override
    public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
        stored++;
    }

    @Override
    public void onRefused(
            final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        refusal = code.name();
    }
}

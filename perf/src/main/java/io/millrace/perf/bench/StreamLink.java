package io.millrace.perf.bench;

import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.PutListener;
import io.millrace.client.StreamProducer;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.perf.rig.DeliveryListener;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.RigException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A stream behind a link: records of as many keys as there are shards times sixteen, each complete when its put is answered. Data begin with
 * the stamp. */
final class StreamLink implements Link, PutListener {
    private static final int KEYS_PER_SHARD = 16;

    private final MillraceClient client;
    private final long stream;
    private final StreamProducer producer;
    private final UnsafeBuffer record;
    private final String[] keys;
    private long completed;
    private long offered;
    private String failure;

    /**
     * Connects and creates the stream.
     *
     * @param settings       what is measured.
     * @param shards         of the stream.
     * @param aeronDirectory directory of the server's media driver.
     */
    StreamLink(final TrialSettings settings, final int shards, final String aeronDirectory) {
        client = MillraceClient.connect(new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .ingressChannel(settings.requestChannel())
                .clientName("bench")
                .errorHandler(Throwable::printStackTrace));
        record = new UnsafeBuffer(ByteBuffer.allocateDirect(settings.size()));
        keys = new String[shards * KEYS_PER_SHARD];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "key-" + i;
        }
        stream = client.streams().create("bench", shards);
        client.streams().awaitActive(stream);
        producer = client.streams().producer(stream, this);
    }

    /** {@return stream and first shard, as a process that reads them takes them} */
    String place() {
        return stream + " " + client.streams().shards(stream).get(0).shardId();
    }

    @Override
    public void listener(final DeliveryListener listener) {
        // Nothing is delivered.
    }

    @Override
    public boolean offer(final int messages, final long stamp) {
        record.putLong(0, stamp);
        for (int i = 0; i < messages; i++) {
            if (producer.offer(keys[(int) (offered % keys.length)], record, 0, record.capacity()) < 0) {
                if (i > 0) {
                    throw new RigException("A frame was taken in part.");
                }
                return false;
            }
            offered++;
        }
        return true;
    }

    @Override
    public int poll() {
        final int work = client.poll();
        if (failure != null) {
            throw new RigException(failure);
        }
        return work;
    }

    @Override
    public long settled() {
        return completed;
    }

    @Override
    public long completed() {
        return completed;
    }

    @Override
    public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
        completed++;
    }

    @Override
    public void onRefused(
            final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        failure = "The server refused a record: " + code + ' ' + limitId;
    }

    @Override
    public void close() {
        client.close();
    }
}

package io.millrace.perf.bench;

import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.StreamConsumers;
import io.millrace.client.StreamPosition;

/** Has a shard pushed by the server, as a client of it. */
final class PushedSource implements RecordSource {
    private final MillraceClient client;

    /**
     * Connects and subscribes.
     *
     * @param settings       tell the channel.
     * @param aeronDirectory directory of the server's media driver.
     * @param streamId       the stream.
     * @param shardId        the shard.
     * @param arrivals       gets the records.
     */
    PushedSource(
            final TrialSettings settings,
            final String aeronDirectory,
            final long streamId,
            final long shardId,
            final Arrivals arrivals) {
        client = MillraceClient.connect(new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .ingressChannel(settings.requestChannel())
                .clientName("reader")
                .errorHandler(Throwable::printStackTrace));
        final StreamConsumers consumers = client.streams().consumers();
        consumers.subscribe(
                consumers.register(streamId, "reader"),
                shardId,
                StreamPosition.LATEST,
                (shard, sequenceNumber, arrivalTimeNs, buffer, key, keyLength, data, dataLength) ->
                        arrivals.onRecord(sequenceNumber, buffer, data));
    }

    @Override
    public void poll() {
        if (client.poll() == 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

package io.millrace.server.cli;

import io.millrace.client.ErrorText;
import io.millrace.client.PullReader;
import io.millrace.client.ShardHandler;
import io.millrace.client.ShardInfo;
import io.millrace.client.StreamPosition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints records of a stream that are there, and ends. */
@Command(
        name = "get",
        description = "Asks the server for records that are there, shard by shard, prints them and ends.",
        footer = {
            "",
            "Examples:",
            "  millrace stream get tape --max 10",
            "  millrace stream get tape --shard 1 --from 2030-01-31T08:00:00Z --json"
        })
final class StreamGet extends ServerAction implements ShardHandler {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Option(
            names = "--shard",
            paramLabel = "ID",
            description = "Only this shard. Default: all, in the order of their creation.")
    private Long shardId;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            converter = StreamPositionConverter.class,
            description =
                    "horizon, a sequence number of --shard, or a time such as 2030-01-31T08:00:00Z. Default: horizon.")
    private StreamPosition from = StreamPosition.HORIZON;

    @Option(names = "--max", paramLabel = "N", description = "Ends after this many records. Default: 100.")
    private long max = 100;

    private OutputOptions out;
    private PullReader reader;
    private long printed;
    private String refusal;

    @Override
    void validate() {
        if (max < 1) {
            throw new ParameterException(spec.commandLine(), "Option --max must be at least 1");
        }
        if (shardId == null && from.kind() == StreamPosition.at(0).kind()) {
            throw new ParameterException(spec.commandLine(), "Name the --shard that has the sequence number of --from");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        out = output;
        final long streamId = server.streams().lookUp(name).streamId();
        final List<Long> shardIds = server.streams().shards(streamId).stream()
                .map(ShardInfo::shardId)
                .filter(id -> shardId == null || shardId.equals(id))
                .toList();
        if (shardIds.isEmpty()) {
            throw new CommandFailure("Stream " + name + " has no shard "
                    + Optional.ofNullable(shardId)
                            .map(id -> "with the id " + id)
                            .orElse("yet") + ".");
        }
        for (final long id : shardIds) {
            if (printed < max) {
                read(server, id);
            }
        }
    }

    private void read(final ServerConnection server, final long id) {
        reader = server.streams().reader(id, from, this).maxRecords((int) Math.min(max - printed, 1_000));
        // Each answer must come in time, not the last of them.
        while (!isOver()) {
            final long before = printed;
            server.await("records", ServerConnection.ANSWER_TIMEOUT_NS, () -> isOver() || printed > before);
        }
        reader.close();
        if (refusal != null) {
            throw new CommandFailure(refusal);
        }
    }

    private boolean isOver() {
        return reader.isEnded() || printed == max || reader.behindNs() == 0;
    }

    @Override
    public void onRecord(
            final long id,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (printed < max) {
            printed++;
            PrintedRecord.of(id, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)
                    .print(out);
        }
    }

    @Override
    public void onReadRefused(
            final long id, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        refusal = ErrorText.describe(code, limitId, limit, actual);
    }
}

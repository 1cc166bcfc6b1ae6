package io.millrace.server.cli;

import io.millrace.client.ErrorText;
import io.millrace.client.HashKey;
import io.millrace.client.MillraceClient;
import io.millrace.client.PutListener;
import io.millrace.client.StreamProducer;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts records to a stream. */
@Command(
        name = "put",
        description = {
            "Puts a record, a file as a record, or each line of stdin as a record, to a stream. Records of one key keep their order.",
            "Records that a shard refuses because it has had its quota of the second are tried again."
        },
        footer = {
            "",
            "Examples:",
            "  millrace stream put tape 'buy 100' --key BTCUSD",
            "  millrace stream put tape --file report.pdf --key reports",
            "  cat trades.txt | millrace stream put tape --stdin --key BTCUSD",
            "  printf 'BTCUSD\\tbuy 100\\n' | millrace stream put tape --stdin"
        })
final class StreamPut extends ServerAction implements PutListener {

    /** What the largest record that a stream may be set to take needs. */
    private static final int MOST_RECORD_BYTES = 10 * 1024 * 1024 + 64 * 1024;

    private static final char SEPARATOR = '\t';

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DATA", description = "Data of the record.")
    private String data;

    @Option(
            names = "--stdin",
            description =
                    "Puts each line of stdin instead of DATA; without --key the key is what stands before the first tab.")
    private boolean stdin;

    @Option(names = "--file", paramLabel = "FILE", description = "Puts what is in the file instead of DATA.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "TEXT",
            description = "Partition key: says which shard, unless --hash-key does.")
    private String key;

    @Option(
            names = "--hash-key",
            paramLabel = "HASHKEY",
            converter = HashKeyConverter.class,
            description = "Says which shard: a number from 0 to 2^128 - 1.")
    private HashKey hashKey;

    private byte[] content;
    private long stored;
    private long lastShardId;
    private long lastSequenceNumber;
    private long refused;
    private String refusal;

    @Override
    void validate() {
        if ((stdin ? 1 : 0) + (data == null ? 0 : 1) + (file == null ? 0 : 1) != 1) {
            throw new ParameterException(spec.commandLine(), "Give either DATA, --file or --stdin");
        }
        if (!stdin && key == null) {
            throw new ParameterException(spec.commandLine(), "Give a --key with DATA or --file");
        }
        if (key != null && key.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Option --key must not be empty");
        }
        if (!stdin) {
            content = file == null ? data.getBytes(StandardCharsets.UTF_8) : read();
        }
    }

    /** A record from a file may be larger than what other commands send. */
    @Override
    int resendBufferBytes() {
        final int needed = content == null ? 0 : Math.min(content.length + 64 * 1024, MOST_RECORD_BYTES);
        return Math.max(needed, super.resendBufferBytes());
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().lookUp(name).streamId();
        final int bufferBytes = BitUtil.findNextPositivePowerOfTwo(2 * resendBufferBytes());
        try (StreamProducer producer = server.streams().producer(streamId, bufferBytes, this)) {
            for (final byte[] line : records()) {
                offer(server, producer, line);
            }
            while (producer.pending() > 0) {
                awaitResult(server, producer);
            }
        }
        if (refusal != null) {
            throw new CommandFailure(
                    refused == 1 && stored == 0 ? refusal : refused + " records were refused: " + refusal);
        }
        output.print(text(), json -> {
            json.writeStringField("stream", name);
            json.writeNumberField("put", stored);
            json.writeNumberField("lastShardId", lastShardId);
            json.writeNumberField("lastSequenceNumber", lastSequenceNumber);
        });
    }

    private Iterable<byte[]> records() {
        return stdin ? QueueSend.lines() : List.of(content);
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(file);
        } catch (final IOException e) {
            throw new CommandFailure("File " + file + " cannot be read.", e);
        }
    }

    private void offer(final ServerConnection server, final StreamProducer producer, final byte[] line) {
        int start = 0;
        String recordKey = key;
        if (key == null) {
            while (start < line.length && line[start] != SEPARATOR) {
                start++;
            }
            recordKey = new String(line, 0, start, StandardCharsets.UTF_8);
            start++;
        }
        if (start > line.length || recordKey.isEmpty()) {
            throw new CommandFailure("A line has no key and tab in front of its data, and there is no --key.");
        }
        final UnsafeBuffer record = new UnsafeBuffer(line);
        long result = producer.offer(hashKey, recordKey, record, start, line.length - start);
        while (result == MillraceClient.BACK_PRESSURED) {
            awaitResult(server, producer);
            result = producer.offer(hashKey, recordKey, record, start, line.length - start);
        }
        if (result < 0) {
            throw new CommandFailure(ErrorText.describe(result));
        }
    }

    /** Waits until something became of a record: in a second at most its shard takes it, whatever its quota. */
    private void awaitResult(final ServerConnection server, final StreamProducer producer) {
        final long before = stored + refused;
        server.await(
                "result of the records",
                ServerConnection.ANSWER_TIMEOUT_NS,
                () -> producer.pending() == 0 || stored + refused > before);
    }

    @Override
    public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
        stored++;
        lastShardId = shardId;
        lastSequenceNumber = sequenceNumber;
    }

    @Override
    public void onRefused(
            final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        refused++;
        refusal = refusal == null ? ErrorText.describe(code, limitId, limit, actual) : refusal;
    }

    private String text() {
        return stored == 1
                ? "Record " + lastSequenceNumber + " is put to shard " + lastShardId + "."
                : stored + " records are put.";
    }
}

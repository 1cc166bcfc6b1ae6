package io.millrace.server.cli;

import io.millrace.client.StreamSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The settings of a stream as options. What is not given is not said to the server. */
final class StreamSettingOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long records are kept, for example 7d. Default: 1d.")
    private Long retentionNs;

    @Option(
            names = "--max-record-bytes",
            paramLabel = "N",
            description = "Largest record, partition key included. Default: 1048576.")
    private Long maxRecordBytes;

    /** Whether no option was given. */
    boolean isEmpty() {
        return retentionNs == null && maxRecordBytes == null;
    }

    /** Puts what was given into settings; a value that none can have is wrong usage. */
    StreamSettings applyTo(final StreamSettings settings) {
        if (retentionNs != null) {
            settings.retentionNs(retentionNs);
        }
        if (maxRecordBytes != null) {
            try {
                settings.maxRecordBytes(maxRecordBytes);
            } catch (final IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "Option --max-record-bytes must be from 0 to 4294967294", e);
            }
        }
        return settings;
    }
}

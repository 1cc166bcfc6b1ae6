package io.millrace.server.cli;

import io.millrace.client.StreamConsumerInfo;
import io.millrace.client.StreamConsumerName;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Manages the consumers of streams that shards are pushed to. */
@Command(
        name = "consumer",
        description = "Registers, lists, describes and removes the consumers of a stream that shards are pushed to.",
        footer = {"", "Example:", "  millrace stream consumer register tape bars"},
        subcommands = {
            StreamConsumer.Register.class,
            StreamConsumer.ListConsumers.class,
            StreamConsumer.Describe.class,
            StreamConsumer.Deregister.class
        })
final class StreamConsumer extends Main.CommandGroup {

    /** The consumer of a stream that has a name. */
    static long find(final ServerConnection server, final String stream, final String name) {
        final long streamId = server.streams().lookUp(stream).streamId();
        return server.streams().consumers().list(streamId).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        "Stream " + stream + " has no consumer " + name + ". See millrace stream consumer list."))
                .consumerId();
    }

    /** Does something with one consumer. */
    abstract static class Action extends ServerAction {

        @Parameters(index = "0", paramLabel = "STREAM", description = "Name of the stream.")
        private String stream;

        @Parameters(index = "1", paramLabel = "NAME", description = "Name of the consumer.")
        private String name;

        final String stream() {
            return stream;
        }

        final String name() {
            return name;
        }

        final long consumerId(final ServerConnection server) {
            return find(server, stream, name);
        }

        final void print(final OutputOptions output, final String outcome, final long consumerId) {
            output.print("Consumer " + name + " of stream " + stream + outcome, json -> {
                json.writeStringField("stream", stream);
                json.writeStringField("consumer", name);
                json.writeNumberField("consumerId", consumerId);
            });
        }
    }

    /** Registers a consumer. */
    @Command(
            name = "register",
            description = "Registers a consumer. One of this name is left as it is.",
            footer = {"", "Example:", "  millrace stream consumer register tape bars"})
    static final class Register extends Action {

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long streamId = server.streams().lookUp(stream()).streamId();
            final long consumerId = server.streams().consumers().register(streamId, name());
            print(output, " has id " + consumerId + ".", consumerId);
        }
    }

    /** Lists consumers. */
    @Command(
            name = "list",
            description = "Lists the consumers of a stream in order of registration.",
            footer = {"", "Example:", "  millrace stream consumer list tape"})
    static final class ListConsumers extends ServerAction {

        @Parameters(paramLabel = "STREAM", description = "Name of the stream.")
        private String stream;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long streamId = server.streams().lookUp(stream).streamId();
            final List<StreamConsumerName> consumers =
                    server.streams().consumers().list(streamId);
            for (final StreamConsumerName consumer : consumers) {
                output.print(String.format("%8d  %s", consumer.consumerId(), consumer.name()), json -> {
                    json.writeStringField("stream", stream);
                    json.writeStringField("consumer", consumer.name());
                    json.writeNumberField("consumerId", consumer.consumerId());
                });
            }
            if (consumers.isEmpty()) {
                output.printText("Stream " + stream + " has no consumer.");
            }
        }
    }

    /** Shows a consumer. */
    @Command(
            name = "describe",
            description = "Shows when a consumer was registered, and how many shards it is subscribed to.",
            footer = {"", "Example:", "  millrace stream consumer describe tape bars --json"})
    static final class Describe extends Action {

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final StreamConsumerInfo consumer = server.streams().consumers().describe(consumerId(server));
            final Instant created = Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(consumer.createdTimeNs()));
            output.print(
                    "consumer " + consumer.name() + " (id " + consumer.consumerId() + "), registered " + created + ": "
                            + consumer.subscriptionCount() + " shards subscribed",
                    json -> {
                        json.writeStringField("stream", stream());
                        json.writeStringField("consumer", consumer.name());
                        json.writeNumberField("consumerId", consumer.consumerId());
                        json.writeStringField("created", created.toString());
                        json.writeNumberField("subscriptions", consumer.subscriptionCount());
                    });
        }
    }

    /** Removes a consumer. */
    @Command(
            name = "deregister",
            description = "Removes a consumer, whose subscriptions end.",
            footer = {"", "Example:", "  millrace stream consumer deregister tape bars"})
    static final class Deregister extends Action {

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long consumerId = consumerId(server);
            server.streams().consumers().deregister(consumerId);
            print(output, " is removed.", consumerId);
        }
    }
}

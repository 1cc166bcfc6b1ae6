package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.DeliveryPolicy;
import io.millrace.client.MillraceException;
import io.millrace.client.PushInfo;
import io.millrace.client.StreamEndpoint;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists subscriptions. */
@Command(
        name = "subscriptions",
        description = "Lists subscriptions in order of creation, their settings and what became of their messages.",
        footer = {"", "Examples:", "  millrace topic subscriptions trades", "  millrace topic subscriptions --json"})
final class TopicSubscriptions extends ServerAction {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Name of the topic. Default: all topics.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<TopicSubscription> subscriptions = name == null
                ? server.topics().subscriptions()
                : server.topics().subscriptions(server.topics().lookUp(name).topicId());
        for (final TopicSubscription each : subscriptions) {
            print(server, server.topics().describeSubscription(each.subscriptionId()), output);
        }
        if (subscriptions.isEmpty()) {
            output.printText(name == null ? "There is no subscription." : "Topic " + name + " has no subscriptions.");
        }
    }

    private static void print(
            final ServerConnection server, final SubscriptionInfo subscription, final OutputOptions output) {
        final String topic = server.topics().describe(subscription.topicId()).name();
        final PushInfo push = subscription.push();
        final StreamEndpoint stream = subscription.stream();
        final String kind = push != null ? "session" : stream != null ? "stream" : "queue";
        final String endpoint = push != null
                ? push.name()
                : stream != null ? nameOf(server, stream) : server.nameOf(subscription.queueId());
        final String prefix = push != null ? "sessions as " : stream != null ? "stream " : "";
        output.print(text(server, subscription, topic + " -> " + prefix + endpoint), json -> {
            json.writeNumberField("subscriptionId", subscription.subscriptionId());
            json.writeStringField("topic", topic);
            json.writeNumberField("topicId", subscription.topicId());
            json.writeStringField("endpoint", kind);
            json.writeStringField(push == null ? kind : "name", endpoint);
            json.writeNumberField("queueId", subscription.queueId());
            json.writeNumberField("createdTimeNs", subscription.createdTimeNs());
            json.writeStringField("rawDelivery", CodeConverter.format(subscription.rawDelivery()));
            json.writeNumberField("deadLetterQueueId", subscription.deadLetterQueueId());
            json.writeStringField("filterScope", CodeConverter.format(subscription.filterScope()));
            json.writeStringField("filterPolicy", subscription.filterPolicy());
            json.writeNumberField("delivered", subscription.deliveredCount());
            json.writeNumberField("deadLetters", subscription.deadLetterCount());
            json.writeNumberField("discarded", subscription.discardedCount());
            json.writeNumberField("filtered", subscription.filteredCount());
            json.writeNumberField("replayFromNs", subscription.replayFromNs());
            json.writeStringField("replayState", CodeConverter.format(subscription.replayState()));
            if (push != null) {
                writePush(json, push);
            }
            if (stream != null) {
                json.writeNumberField("streamId", stream.streamId());
                json.writeStringField("keyAttribute", stream.keyAttribute());
            }
        });
    }

    private static String nameOf(final ServerConnection server, final StreamEndpoint stream) {
        try {
            return server.streams().describe(stream.streamId()).name();
        } catch (final MillraceException e) {
            if (e.code() == ResultCode.UNKNOWN_STREAM) {
                return "id " + stream.streamId() + " (deleted)";
            }
            throw e;
        }
    }

    private static void writePush(final JsonGenerator json, final PushInfo push) throws IOException {
        final DeliveryPolicy policy = push.deliveryPolicy();
        json.writeNumberField("retried", push.retriedCount());
        json.writeNumberField("pending", push.pendingCount());
        json.writeNumberField("oldestTimeNs", push.oldestTimeNs());
        json.writeBooleanField("atMostOnce", push.acknowledged() == Switch.OFF);
        json.writeNumberField("retries", policy.retries());
        json.writeNumberField("retriesAtOnce", policy.noDelayRetries());
        json.writeNumberField("retriesMinDelay", policy.minDelayRetries());
        json.writeNumberField("retriesMaxDelay", policy.maxDelayRetries());
        json.writeNumberField("minDelayNs", policy.minDelayNs());
        json.writeNumberField("maxDelayNs", policy.maxDelayNs());
        json.writeStringField("retryFunction", CodeConverter.format(policy.function()));
        json.writeNumberField("maxPerSecond", policy.maxPerSecond());
    }

    private static String text(
            final ServerConnection server, final SubscriptionInfo subscription, final String endpoints) {
        return String.format("%8d  %s", subscription.subscriptionId(), endpoints)
                + (subscription.rawDelivery() == Switch.ON ? ", raw" : "")
                + policy(subscription.push())
                + (subscription.deadLetterQueueId() == 0
                        ? ""
                        : ", dead letters to " + server.nameOf(subscription.deadLetterQueueId()))
                + filter(subscription)
                + replay(subscription)
                + ": " + subscription.deliveredCount() + " delivered, " + subscription.deadLetterCount()
                + " dead letters, " + subscription.discardedCount() + " discarded, " + subscription.filteredCount()
                + " filtered"
                + (subscription.push() == null
                        ? ""
                        : ", " + subscription.push().retriedCount() + " retried, "
                                + subscription.push().pendingCount() + " pending");
    }

    private static String policy(final PushInfo push) {
        if (push == null) {
            return "";
        }
        return ", "
                + (push.acknowledged() == Switch.OFF ? "at most once" : DeliveryOptions.text(push.deliveryPolicy()));
    }

    private static String replay(final SubscriptionInfo subscription) {
        return subscription.replayState() == ReplayState.NONE
                ? ""
                : ", replay from " + ReceivedMessage.instant(subscription.replayFromNs()) + " "
                        + CodeConverter.format(subscription.replayState());
    }

    private static String filter(final SubscriptionInfo subscription) {
        return subscription.filterPolicy().isEmpty()
                ? ""
                : ", " + CodeConverter.format(subscription.filterScope()) + " " + subscription.filterPolicy();
    }
}

package io.millrace.kernel;

import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.DeclareBlobDecoder;
import io.millrace.codecs.DeleteTopicDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.ReplayFailedDecoder;
import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.ReplayPartDecoder;
import io.millrace.codecs.SetDeliveryPolicyDecoder;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SetTopicAccessDecoder;
import io.millrace.codecs.SetTopicSettingsDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscribeSessionDecoder;
import io.millrace.codecs.SubscribeStreamDecoder;
import io.millrace.codecs.TagTopicDecoder;
import io.millrace.codecs.UnsubscribeDecoder;
import io.millrace.codecs.UntagTopicDecoder;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Decodes the commands that concern topics. */
final class TopicCommands {
    private final State state;
    private final FanOut fanOut;
    private final Archives archives;
    private final Topics topics;
    private final Subscriptions subscriptions;
    private final PushSubscriptions pushSubscriptions;
    private final StreamSubscriptions streamSubscriptions;
    private final Tags tags;
    private final Publishing publishing;
    private final Subscribers subscribers;
    private final Replays replays;
    private final ReplayedMessages replayed;
    private final Blobs blobs;
    private final CreateTopicDecoder createTopic = new CreateTopicDecoder();
    private final DeleteTopicDecoder deleteTopic = new DeleteTopicDecoder();
    private final SetTopicSettingsDecoder setTopicSettings = new SetTopicSettingsDecoder();
    private final TagTopicDecoder tagTopic = new TagTopicDecoder();
    private final UntagTopicDecoder untagTopic = new UntagTopicDecoder();
    private final SetTopicAccessDecoder setTopicAccess = new SetTopicAccessDecoder();
    private final SubscribeQueueDecoder subscribeQueue = new SubscribeQueueDecoder();
    private final SubscribeSessionDecoder subscribeSession = new SubscribeSessionDecoder();
    private final SubscribeStreamDecoder subscribeStream = new SubscribeStreamDecoder();
    private final SetDeliveryPolicyDecoder setDeliveryPolicy = new SetDeliveryPolicyDecoder();
    private final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    private final SetSubscriptionDecoder setSubscription = new SetSubscriptionDecoder();
    private final PublishMessagesDecoder publishMessages = new PublishMessagesDecoder();
    private final DeclareBlobDecoder declareBlob = new DeclareBlobDecoder();
    private final ReplayMessagesDecoder replayMessages = new ReplayMessagesDecoder();
    private final ReplayPartDecoder replayPart = new ReplayPartDecoder();
    private final ReplayFailedDecoder replayFailed = new ReplayFailedDecoder();

    TopicCommands(
            final State state,
            final RecordLogs logs,
            final ShardWriter writer,
            final Messages messages,
            final Deliveries deliveries,
            final Deduplications deduplications,
            final Lanes lanes,
            final QueueLifecycle lifecycle,
            final DeadLetterSources sources,
            final Blobs blobs) {
        final Audience audience = new Audience(state);
        final Renditions renditions = new Renditions(state);
        this.state = state;
        this.blobs = blobs;
        fanOut = new FanOut(state, messages, deliveries, deduplications, audience, lanes, writer);
        archives = new Archives(state, logs);
        subscribers = new Subscribers(state);
        replays = new Replays(state, logs, fanOut, subscribers, archives);
        topics = new Topics(state, archives, replays);
        subscriptions = new Subscriptions(state, fanOut, subscribers, replays, lifecycle, sources);
        pushSubscriptions = new PushSubscriptions(state, subscriptions, lifecycle);
        streamSubscriptions = new StreamSubscriptions(state, subscriptions);
        tags = new Tags(state, state.topics.topics, Topic.TAGS_PAYLOAD_LINK);
        publishing = new Publishing(state, fanOut, audience, archives, renditions, messages, deduplications, blobs);
        replayed = new ReplayedMessages(state, replays, renditions, messages, fanOut);
    }

    FanOut fanOut() {
        return fanOut;
    }

    Archives archives() {
        return archives;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    /** An hour of an archive is over. */
    void onTimer(final int archive) {
        archives.onTimer(archive);
        replays.onTrim(archive);
    }

    /** The server started: its logs are told of archives and replays again. */
    void boot() {
        archives.boot();
        replays.boot();
    }

    /** Rebuilds what follows from the rows of archives and replays. */
    void relink() {
        final SlotTable archiveRows = state.topics.archives;
        for (int archive = 0; archive < archiveRows.highWater(); archive++) {
            if (archiveRows.isLive(archive)) {
                archives.link(archive);
            }
        }
        final SlotTable replayRows = state.topics.replays;
        for (int replay = 0; replay < replayRows.highWater(); replay++) {
            if (replayRows.isLive(replay)) {
                replays.link(replay);
            }
        }
    }

    Topics topics() {
        return topics;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Publishing publishing() {
        return publishing;
    }

    /** Takes a record of the host that concerns a replay. */
    void replay(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case ReplayMessagesDecoder.TEMPLATE_ID ->
                replayed.onMessages(replayMessages.wrap(
                        buffer, body, ReplayMessagesDecoder.BLOCK_LENGTH, ReplayMessagesDecoder.SCHEMA_VERSION));
            case ReplayPartDecoder.TEMPLATE_ID ->
                replayed.onPart(replayPart.wrap(
                        buffer, body, ReplayPartDecoder.BLOCK_LENGTH, ReplayPartDecoder.SCHEMA_VERSION));
            default -> {
                replayFailed.wrap(buffer, body, ReplayFailedDecoder.BLOCK_LENGTH, ReplayFailedDecoder.SCHEMA_VERSION);
                final int replay = state.topics.replayById(replayFailed.replayId());
                if (replay >= 0) {
                    replays.fail(replay);
                }
            }
        }
    }

    void execute(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case PublishMessagesDecoder.TEMPLATE_ID ->
                publishing.publish(
                        request,
                        publishMessages.wrap(
                                buffer,
                                body,
                                PublishMessagesDecoder.BLOCK_LENGTH,
                                PublishMessagesDecoder.SCHEMA_VERSION));
            case SubscribeQueueDecoder.TEMPLATE_ID ->
                subscriptions.subscribe(
                        request,
                        subscribeQueue.wrap(
                                buffer,
                                body,
                                SubscribeQueueDecoder.BLOCK_LENGTH,
                                SubscribeQueueDecoder.SCHEMA_VERSION));
            case SubscribeSessionDecoder.TEMPLATE_ID ->
                pushSubscriptions.subscribe(
                        request,
                        subscribeSession.wrap(
                                buffer,
                                body,
                                SubscribeSessionDecoder.BLOCK_LENGTH,
                                SubscribeSessionDecoder.SCHEMA_VERSION));
            case SubscribeStreamDecoder.TEMPLATE_ID ->
                streamSubscriptions.subscribe(
                        request,
                        subscribeStream.wrap(
                                buffer,
                                body,
                                SubscribeStreamDecoder.BLOCK_LENGTH,
                                SubscribeStreamDecoder.SCHEMA_VERSION));
            case SetDeliveryPolicyDecoder.TEMPLATE_ID ->
                pushSubscriptions.setPolicy(
                        request,
                        setDeliveryPolicy.wrap(
                                buffer,
                                body,
                                SetDeliveryPolicyDecoder.BLOCK_LENGTH,
                                SetDeliveryPolicyDecoder.SCHEMA_VERSION));
            case UnsubscribeDecoder.TEMPLATE_ID ->
                subscriptions.unsubscribe(
                        request,
                        unsubscribe
                                .wrap(buffer, body, UnsubscribeDecoder.BLOCK_LENGTH, UnsubscribeDecoder.SCHEMA_VERSION)
                                .subscriptionId());
            case SetSubscriptionDecoder.TEMPLATE_ID -> {
                setSubscription.wrap(
                        buffer, body, SetSubscriptionDecoder.BLOCK_LENGTH, SetSubscriptionDecoder.SCHEMA_VERSION);
                subscriptions.set(request, setSubscription);
            }
            default -> executeRare(request, templateId, buffer, body);
        }
    }

    private void executeRare(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case CreateTopicDecoder.TEMPLATE_ID ->
                topics.create(
                        request,
                        createTopic.wrap(
                                buffer, body, CreateTopicDecoder.BLOCK_LENGTH, CreateTopicDecoder.SCHEMA_VERSION));
            case DeleteTopicDecoder.TEMPLATE_ID ->
                topics.delete(
                        request,
                        deleteTopic
                                .wrap(buffer, body, DeleteTopicDecoder.BLOCK_LENGTH, DeleteTopicDecoder.SCHEMA_VERSION)
                                .topicId());
            case SetTopicSettingsDecoder.TEMPLATE_ID -> {
                setTopicSettings.wrap(
                        buffer, body, SetTopicSettingsDecoder.BLOCK_LENGTH, SetTopicSettingsDecoder.SCHEMA_VERSION);
                topics.set(request, setTopicSettings.topicId(), setTopicSettings.settings());
            }
            case SetTopicAccessDecoder.TEMPLATE_ID ->
                topics.setAccess(
                        request,
                        setTopicAccess.wrap(
                                buffer,
                                body,
                                SetTopicAccessDecoder.BLOCK_LENGTH,
                                SetTopicAccessDecoder.SCHEMA_VERSION));
            case DeclareBlobDecoder.TEMPLATE_ID ->
                blobs.declare(
                        request,
                        declareBlob.wrap(
                                buffer, body, DeclareBlobDecoder.BLOCK_LENGTH, DeclareBlobDecoder.SCHEMA_VERSION));
            case TagTopicDecoder.TEMPLATE_ID -> tag(request, buffer, body);
            case UntagTopicDecoder.TEMPLATE_ID -> untag(request, buffer, body);
            default -> throw new IllegalStateException("no command has the template id " + templateId);
        }
    }

    private void tag(final Request request, final DirectBuffer buffer, final int body) {
        tagTopic.wrap(buffer, body, TagTopicDecoder.BLOCK_LENGTH, TagTopicDecoder.SCHEMA_VERSION);
        final int topic = request.topic(tagTopic.topicId(), Access.MANAGE);
        if (topic >= 0) {
            final int group = tagTopic.limit();
            tags.tag(request, topic, buffer, group, tagTopic.tags().count());
        }
    }

    private void untag(final Request request, final DirectBuffer buffer, final int body) {
        untagTopic.wrap(buffer, body, UntagTopicDecoder.BLOCK_LENGTH, UntagTopicDecoder.SCHEMA_VERSION);
        final int topic = request.topic(untagTopic.topicId(), Access.MANAGE);
        if (topic >= 0) {
            final int group = untagTopic.limit();
            tags.untag(request, topic, buffer, group, untagTopic.keys().count());
        }
    }
}

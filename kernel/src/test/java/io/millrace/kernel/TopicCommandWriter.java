package io.millrace.kernel;

import static io.millrace.kernel.Payload.raw;

import io.millrace.codecs.BeginPublicationEncoder;
import io.millrace.codecs.CreateTopicEncoder;
import io.millrace.codecs.DeleteTopicEncoder;
import io.millrace.codecs.DeliveryPolicyEncoder;
import io.millrace.codecs.DescribeSubscriptionEncoder;
import io.millrace.codecs.DescribeTopicAccessEncoder;
import io.millrace.codecs.DescribeTopicEncoder;
import io.millrace.codecs.ListSubscriptionsEncoder;
import io.millrace.codecs.ListTopicTagsEncoder;
import io.millrace.codecs.ListTopicsEncoder;
import io.millrace.codecs.LookUpTopicEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.SetDeliveryPolicyEncoder;
import io.millrace.codecs.SetSubscriptionEncoder;
import io.millrace.codecs.SetTopicAccessEncoder;
import io.millrace.codecs.SetTopicSettingsEncoder;
import io.millrace.codecs.SubscribeQueueEncoder;
import io.millrace.codecs.SubscribeSessionEncoder;
import io.millrace.codecs.SubscriptionSettingsEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagTopicEncoder;
import io.millrace.codecs.TopicSettingsEncoder;
import io.millrace.codecs.UnsubscribeEncoder;
import io.millrace.codecs.UntagTopicEncoder;
import org.agrona.MutableDirectBuffer;

/** Turns commands and queries that concern topics into frames; each method returns the length without the header. */
final class TopicCommandWriter {

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;
    private final long sessionId;

    TopicCommandWriter(final MutableDirectBuffer buffer, final int offset, final long sessionId) {
        this.buffer = buffer;
        this.offset = offset;
        this.sessionId = sessionId;
    }

    int encode(final Command command) {
        if (command instanceof Command.OfStream ofStream) {
            return new StreamCommandWriter(buffer, offset, sessionId).encode(ofStream);
        }
        if (command instanceof Command.CreateTopic create) {
            final CreateTopicEncoder encoder = new CreateTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            put(encoder.settings(), create.settings());
            encoder.putName(raw(create.name()), 0, create.name().length());
            return encoder.encodedLength();
        } else if (command instanceof Command.DeleteTopic delete) {
            final DeleteTopicEncoder encoder = new DeleteTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.topicId(delete.topicId()).encodedLength();
        } else if (command instanceof Command.SetTopicSettings set) {
            final SetTopicSettingsEncoder encoder =
                    new SetTopicSettingsEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            put(encoder.topicId(set.topicId()).settings(), set.settings());
            return encoder.encodedLength();
        } else if (command instanceof Command.TagTopic tag) {
            return tag(tag);
        } else if (command instanceof Command.UntagTopic untag) {
            return untag(untag);
        } else if (command instanceof Command.SetTopicAccess set) {
            return setAccess(set);
        } else if (command instanceof Command.PublishMessages publish) {
            return publish(publish);
        } else if (command instanceof Command.BeginPublication begin) {
            final BeginPublicationEncoder encoder =
                    new BeginPublicationEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            encoder.topicId(begin.topicId()).entryLength(begin.entryLength());
            encoder.flags().clear().text(begin.text());
            return encoder.encodedLength();
        }
        return encodeForSubscription(command);
    }

    private int encodeForSubscription(final Command command) {
        if (command instanceof Command.SubscribeQueue subscribe) {
            final SubscribeQueueEncoder encoder =
                    new SubscribeQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            encoder.topicId(subscribe.topicId()).queueId(subscribe.queueId());
            put(encoder.settings(), subscribe.settings());
            final String policy = subscribe.settings().policyText();
            encoder.putFilterPolicy(raw(policy), 0, policy.length());
            return encoder.encodedLength();
        } else if (command instanceof Command.Unsubscribe unsubscribe) {
            final UnsubscribeEncoder encoder = new UnsubscribeEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.subscriptionId(unsubscribe.subscriptionId()).encodedLength();
        } else if (command instanceof Command.SubscribeSession || command instanceof Command.SetDeliveryPolicy) {
            return encodeForSessions(command);
        } else if (command instanceof Command.SetSubscription set) {
            final SetSubscriptionEncoder encoder =
                    new SetSubscriptionEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            put(encoder.subscriptionId(set.subscriptionId()).settings(), set.settings());
            final String policy = set.settings().policyText();
            encoder.replacePolicy(set.settings().filterPolicy() == null ? Switch.OFF : Switch.ON);
            encoder.putFilterPolicy(raw(policy), 0, policy.length());
            return encoder.encodedLength();
        }
        return query(command);
    }

    private int encodeForSessions(final Command command) {
        if (command instanceof Command.SubscribeSession subscribe) {
            final SubscribeSessionEncoder encoder =
                    new SubscribeSessionEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            put(encoder.topicId(subscribe.topicId()).settings(), subscribe.settings());
            put(encoder.policy(), subscribe.policy());
            encoder.acknowledged(subscribe.acknowledged());
            encoder.putName(raw(subscribe.name()), 0, subscribe.name().length());
            final String filterPolicy = subscribe.settings().policyText();
            encoder.putFilterPolicy(raw(filterPolicy), 0, filterPolicy.length());
            return encoder.encodedLength();
        }
        final Command.SetDeliveryPolicy set = (Command.SetDeliveryPolicy) command;
        final SetDeliveryPolicyEncoder encoder =
                new SetDeliveryPolicyEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        put(encoder.topicId(set.topicId()).subscriptionId(set.subscriptionId()).policy(), set.policy());
        return encoder.encodedLength();
    }

    private static void put(final DeliveryPolicyEncoder encoder, final Command.DeliveryPolicy policy) {
        encoder.minDelayNs(policy.minDelayNs())
                .maxDelayNs(policy.maxDelayNs())
                .retries(policy.retries())
                .noDelayRetries(policy.noDelayRetries())
                .minDelayRetries(policy.minDelayRetries())
                .maxDelayRetries(policy.maxDelayRetries())
                .maxPerSecond(policy.maxPerSecond())
                .function(policy.function())
                .reserved1((short) 0)
                .reserved2(0);
    }

    private int query(final Command command) {
        if (command instanceof Command.LookUpTopic lookUp) {
            final LookUpTopicEncoder encoder = new LookUpTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.putName(raw(lookUp.name()), 0, lookUp.name().length());
            return encoder.encodedLength();
        } else if (command instanceof Command.DescribeTopic describe) {
            final DescribeTopicEncoder encoder = new DescribeTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.topicId(describe.topicId()).encodedLength();
        } else if (command instanceof Command.ListTopics list) {
            final ListTopicsEncoder encoder = new ListTopicsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.afterTopicId(list.afterTopicId()).maxEntries(list.maxEntries());
            encoder.putPrefix(raw(list.prefix()), 0, list.prefix().length());
            return encoder.encodedLength();
        } else if (command instanceof Command.ListTopicTags list) {
            final ListTopicTagsEncoder encoder = new ListTopicTagsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.topicId(list.topicId()).encodedLength();
        } else if (command instanceof Command.DescribeTopicAccess describe) {
            final DescribeTopicAccessEncoder encoder =
                    new DescribeTopicAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.topicId(describe.topicId()).encodedLength();
        } else if (command instanceof Command.DescribeSubscription describe) {
            final DescribeSubscriptionEncoder encoder =
                    new DescribeSubscriptionEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.subscriptionId(describe.subscriptionId()).encodedLength();
        } else if (command instanceof Command.ListSubscriptions list) {
            final ListSubscriptionsEncoder encoder =
                    new ListSubscriptionsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.topicId(list.topicId()).afterSubscriptionId(list.afterSubscriptionId());
            return encoder.maxEntries(list.maxEntries()).encodedLength();
        }
        return new BlobCommandWriter(buffer, offset, sessionId).encode(command);
    }

    private int publish(final Command.PublishMessages command) {
        final PublishMessagesEncoder encoder = new PublishMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.topicId(command.topicId());
        encoder.flags().clear().text(command.text()).eachEntry(command.eachEntry());
        final PublishMessagesEncoder.MessagesEncoder messages =
                encoder.messagesCount(command.entries().size());
        for (final Command.Published entry : command.entries()) {
            final Payload payload = entry.payload();
            final PublishMessagesEncoder.MessagesEncoder.BodiesEncoder bodies =
                    messages.next().bodiesCount(entry.bodies().size());
            for (final Command.ProtocolBody body : entry.bodies()) {
                bodies.next();
                buffer.putByte(encoder.limit() - 1, (byte) body.protocol());
                bodies.putProtocolBody(raw(body.body()), 0, body.body().length());
            }
            final PublishMessagesEncoder.MessagesEncoder.AttributesEncoder attributes =
                    messages.attributesCount(payload.attributes().size());
            for (final Payload.Attribute attribute : payload.attributes()) {
                attributes.next();
                // The generated encoder cannot say a type that there is not.
                buffer.putByte(encoder.limit() - 1, (byte) attribute.type());
                attributes.putName(raw(attribute.name()), 0, attribute.name().length());
                attributes.putCustomType(
                        raw(attribute.customType()), 0, attribute.customType().length());
                attributes.putValue(raw(attribute.value()), 0, attribute.value().length());
            }
            messages.putBody(raw(payload.body()), 0, payload.body().length());
            messages.putGroupId(raw(payload.groupId()), 0, payload.groupId().length());
            messages.putDeduplicationId(
                    raw(payload.deduplicationId()), 0, payload.deduplicationId().length());
            messages.putTraceHeader(
                    raw(payload.traceHeader()), 0, payload.traceHeader().length());
            messages.putSubject(raw(entry.subject()), 0, entry.subject().length());
        }
        return encoder.encodedLength();
    }

    private int tag(final Command.TagTopic command) {
        final TagTopicEncoder encoder = new TagTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.topicId(command.topicId());
        final TagTopicEncoder.TagsEncoder tags =
                encoder.tagsCount(command.tags().size());
        for (final Command.Tag tag : command.tags()) {
            tags.next().putKey(raw(tag.key()), 0, tag.key().length());
            tags.putValue(raw(tag.value()), 0, tag.value().length());
        }
        return encoder.encodedLength();
    }

    private int untag(final Command.UntagTopic command) {
        final UntagTopicEncoder encoder = new UntagTopicEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.topicId(command.topicId());
        final UntagTopicEncoder.KeysEncoder keys =
                encoder.keysCount(command.keys().size());
        command.keys().forEach(key -> keys.next().putKey(raw(key), 0, key.length()));
        return encoder.encodedLength();
    }

    private int setAccess(final Command.SetTopicAccess command) {
        final SetTopicAccessEncoder encoder = new SetTopicAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.topicId(command.topicId());
        final SetTopicAccessEncoder.EntriesEncoder entries =
                encoder.entriesCount(command.entries().size());
        for (final Command.AccessEntry entry : command.entries()) {
            entries.next()
                    .permissions()
                    .clear()
                    .send(entry.send())
                    .receive(entry.receive())
                    .manage(entry.manage());
            entries.putPrincipal(raw(entry.principal()), 0, entry.principal().length());
        }
        return encoder.encodedLength();
    }

    private void put(final QueryHeaderEncoder encoder, final Command command) {
        encoder.sessionId(sessionId).correlationId(command.correlationId());
    }

    private static void put(final TopicSettingsEncoder encoder, final Command.TopicSettings settings) {
        encoder.archivePeriodNs(CommandWriter.orNull(settings.archivePeriodNs()))
                .topicType(settings.type())
                .contentDeduplication(settings.contentDeduplication())
                .deduplicationScope(settings.deduplicationScope())
                .reserved((short) 0);
    }

    static void put(final SubscriptionSettingsEncoder encoder, final Command.SubscriptionSettings settings) {
        encoder.replayFromNs(CommandWriter.orNull(settings.replayFromNs()))
                .deadLetterQueueId(CommandWriter.orNull(settings.deadLetterQueueId()))
                .rawDelivery(settings.rawDelivery())
                .filterScope(settings.filterScope())
                .reserved2(0)
                .reserved4(0);
    }
}

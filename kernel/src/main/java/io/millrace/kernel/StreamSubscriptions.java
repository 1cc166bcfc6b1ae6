package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SubscribeStreamDecoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Subscribes streams to topics; for the rest they are subscriptions like those of queues. */
final class StreamSubscriptions {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    /** Value of the schema's SubscriptionSetting. */
    private static final int SETTING_KEY_ATTRIBUTE = 8;

    private final State state;
    private final SlotTable rows;
    private final Subscriptions subscriptions;

    StreamSubscriptions(final State state, final Subscriptions subscriptions) {
        this.state = state;
        this.rows = state.topics.subscriptions;
        this.subscriptions = subscriptions;
    }

    /** Subscribes a stream; the same once more is the same subscription (N14). */
    void subscribe(final Request request, final SubscribeStreamDecoder command) {
        final int topic = request.topic(command.topicId(), Access.RECEIVE);
        final int stream = topic < 0 ? -1 : request.stream(command.streamId(), Access.SEND);
        if (stream < 0 || !subscriptions.readNew(request, topic, command.settings(), Switch.OFF)) {
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int key = command.limit() + TEXT_LENGTH_SIZE;
        final int keyLength = command.keyAttributeLength();
        command.limit(key + keyLength);
        final int policy = key + keyLength + TEXT_LENGTH_SIZE;
        if (isKeyRefused(request, buffer, key, keyLength)
                || !subscriptions.readFilter(request, buffer, policy, command.filterPolicyLength())) {
            return;
        }
        final int existing = state.topics.subscriptionOfStream(topic, command.streamId());
        if (existing >= 0) {
            answerExisting(request, existing, buffer, key, keyLength);
        } else if (subscriptions.hasRoom(request, topic) && request.hasArenaRoom(keyLength, 0)) {
            final int link = keyLength == 0 ? 0 : state.payloads.store(buffer, key, keyLength) + 1;
            request.confirm(create(topic, command.streamId(), link), 1);
        }
    }

    private boolean isKeyRefused(final Request request, final DirectBuffer buffer, final int offset, final int length) {
        final long most = state.limit(LimitId.ATTRIBUTE_NAME_BYTES);
        if (length > most) {
            request.refuseLimit(LimitId.ATTRIBUTE_NAME_BYTES, most, length);
        } else if (!Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
        } else {
            return false;
        }
        return true;
    }

    private void answerExisting(
            final Request request,
            final int subscription,
            final DirectBuffer buffer,
            final int key,
            final int keyLength) {
        final int other = subscriptions.firstDifference(subscription);
        final int link = rows.getInt(subscription, Subscription.KEY_ATTRIBUTE_PAYLOAD_LINK);
        final boolean hasKey = link == 0 ? keyLength == 0 : state.payloads.matches(link - 1, buffer, key, keyLength);
        subscriptions.answerExisting(request, subscription, other != 0 ? other : hasKey ? 0 : SETTING_KEY_ATTRIBUTE);
    }

    private long create(final int topic, final long streamId, final int keyLink) {
        final int subscription = subscriptions.allocate(topic);
        rows.putLong(subscription, Subscription.STREAM_ID, streamId);
        rows.putInt(subscription, Subscription.KEY_ATTRIBUTE_PAYLOAD_LINK, keyLink);
        subscriptions.complete(subscription);
        return rows.getLong(subscription, Subscription.ID);
    }
}

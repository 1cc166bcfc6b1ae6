package io.millrace.kernel;

import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetTopicAccessDecoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicSettingsDecoder;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Creates, changes and deletes topics. */
final class Topics {
    private static final int NULL_BYTE = 255;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    /** Values of the schema's TopicSetting. */
    private static final int SETTING_TYPE = 1;

    private static final int SETTING_CONTENT_DEDUPLICATION = 2;
    private static final int SETTING_DEDUPLICATION_SCOPE = 3;
    private static final int SETTING_ARCHIVE_PERIOD = 4;

    private final State state;
    private final SlotTable topics;
    private final Archives archives;
    private final Replays replays;
    private int type;
    private int contentDeduplication;
    private int deduplicationScope;
    private long archivePeriod;

    Topics(final State state, final Archives archives, final Replays replays) {
        this.state = state;
        this.replays = replays;
        this.archives = archives;
        this.topics = state.topics.topics;
    }

    void create(final Request request, final CreateTopicDecoder command) {
        final DirectBuffer buffer = command.buffer();
        final int length = command.nameLength();
        final int offset = command.limit() + TEXT_LENGTH_SIZE;
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
            return;
        }
        if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
            return;
        }
        type = QueueType.STANDARD.value();
        contentDeduplication = Switch.OFF.value();
        deduplicationScope = QueueScope.QUEUE.value();
        archivePeriod = 0;
        final TopicSettingsDecoder settings = command.settings();
        if (settings.topicTypeRaw() != NULL_BYTE) {
            type = settings.topicTypeRaw();
        }
        if (!readSettings(request, settings)) {
            return;
        }
        final int existing = state.topics.topicByName(buffer, offset, length);
        if (existing >= 0) {
            answerExisting(request, existing);
        } else if (topics.liveCount() >= state.limit(LimitId.TOPICS)) {
            request.refuseLimit(LimitId.TOPICS, state.limit(LimitId.TOPICS), topics.liveCount() + 1L);
        } else {
            create(request, buffer, offset, length);
        }
    }

    /** Takes over the settings given; false if they do not fit each other: then the request is refused. */
    private boolean readSettings(final Request request, final TopicSettingsDecoder settings) {
        if (settings.contentDeduplicationRaw() != NULL_BYTE) {
            contentDeduplication = settings.contentDeduplicationRaw();
        }
        if (settings.deduplicationScopeRaw() != NULL_BYTE) {
            deduplicationScope = settings.deduplicationScopeRaw();
        }
        if (!Commands.isNull(settings.archivePeriodNs())) {
            archivePeriod = settings.archivePeriodNs();
        }
        final boolean isFifo = type == QueueType.FIFO.value();
        if (!isFifo && type != QueueType.STANDARD.value()) {
            refuseSetting(request, SETTING_TYPE);
        } else if (contentDeduplication > (isFifo ? Switch.ON : Switch.OFF).value()) {
            refuseSetting(request, SETTING_CONTENT_DEDUPLICATION);
        } else if (deduplicationScope < QueueScope.QUEUE.value()
                || deduplicationScope > (isFifo ? QueueScope.MESSAGE_GROUP : QueueScope.QUEUE).value()) {
            refuseSetting(request, SETTING_DEDUPLICATION_SCOPE);
        } else {
            return archivePeriod == 0 || isArchivePeriod(request, isFifo);
        }
        return false;
    }

    private boolean isArchivePeriod(final Request request, final boolean isFifo) {
        final long least = state.limit(LimitId.ARCHIVE_PERIOD_LEAST);
        final long most = state.limit(LimitId.ARCHIVE_PERIOD);
        if (!isFifo) {
            refuseSetting(request, SETTING_ARCHIVE_PERIOD);
        } else if (archivePeriod < least) {
            request.refuseLimit(LimitId.ARCHIVE_PERIOD_LEAST, least, archivePeriod);
        } else if (archivePeriod > most) {
            request.refuseLimit(LimitId.ARCHIVE_PERIOD, most, archivePeriod);
        } else {
            return true;
        }
        return false;
    }

    private static void refuseSetting(final Request request, final int setting) {
        request.refuse(Request.WHOLE, ResultCode.INVALID_SETTING, LimitId.NONE, 0, setting);
    }

    private void answerExisting(final Request request, final int topic) {
        final int different = topics.getInt(topic, Topic.TYPE) != type
                ? SETTING_TYPE
                : topics.getInt(topic, Topic.CONTENT_DEDUPLICATION) != contentDeduplication
                        ? SETTING_CONTENT_DEDUPLICATION
                        : topics.getInt(topic, Topic.DEDUPLICATION_SCOPE) != deduplicationScope
                                ? SETTING_DEDUPLICATION_SCOPE
                                : Archives.period(state.topics, topic) != archivePeriod ? SETTING_ARCHIVE_PERIOD : 0;
        if (different == 0) {
            request.confirm(topics.getLong(topic, Topic.ID), 1);
        } else {
            request.refuse(Request.WHOLE, ResultCode.TOPIC_EXISTS, LimitId.NONE, 0, different);
        }
    }

    private void create(final Request request, final DirectBuffer buffer, final int offset, final int length) {
        final int topic = topics.allocate();
        final long topicId = state.next(Root.NEXT_TOPIC_ID);
        topics.putLong(topic, Topic.ID, topicId);
        topics.putLong(topic, Topic.CREATED_TIME, state.nowNs);
        topics.putLong(topic, Topic.CHANGED_TIME, state.nowNs);
        topics.putLong(topic, Topic.NEXT_SEQUENCE, 1);
        topics.putInt(topic, Topic.NAME_PAYLOAD, state.payloads.store(buffer, offset, length));
        topics.putInt(topic, Topic.TYPE, type);
        storeSettings(topic);
        topics.seal(topic);
        state.topics.topicsById.add(topic);
        state.topics.topicsByName.add(topic);
        if (archivePeriod > 0) {
            archives.open(topic, archivePeriod);
        }
        request.confirm(topicId, 1);
    }

    private void storeSettings(final int topic) {
        topics.putInt(topic, Topic.CONTENT_DEDUPLICATION, contentDeduplication);
        topics.putInt(topic, Topic.DEDUPLICATION_SCOPE, deduplicationScope);
    }

    void set(final Request request, final long topicId, final TopicSettingsDecoder settings) {
        final int topic = request.topic(topicId, Access.MANAGE);
        if (topic < 0) {
            return;
        }
        type = topics.getInt(topic, Topic.TYPE);
        contentDeduplication = topics.getInt(topic, Topic.CONTENT_DEDUPLICATION);
        deduplicationScope = topics.getInt(topic, Topic.DEDUPLICATION_SCOPE);
        archivePeriod = Archives.period(state.topics, topic);
        if (settings.topicTypeRaw() != NULL_BYTE && settings.topicTypeRaw() != type) {
            refuseSetting(request, SETTING_TYPE);
        } else if (readSettings(request, settings)) {
            storeSettings(topic);
            topics.putLong(topic, Topic.CHANGED_TIME, state.nowNs);
            topics.seal(topic);
            setArchive(topic);
            request.confirm(0, 0);
        }
    }

    private void setArchive(final int topic) {
        final int archive = state.topics.archiveOf(topic);
        if (archive < 0) {
            if (archivePeriod > 0) {
                archives.open(topic, archivePeriod);
            }
        } else if (archivePeriod == 0) {
            replays.onArchiveClosed(archive);
            archives.close(archive);
        } else if (archivePeriod != Archives.period(state.topics, topic)) {
            archives.change(archive, archivePeriod);
            replays.onTrim(archive);
        }
    }

    /** Sets who may do what with a topic. */
    void setAccess(final Request request, final SetTopicAccessDecoder command) {
        final int topic = request.topic(command.topicId(), Access.MANAGE);
        if (topic < 0) {
            return;
        }
        final int offset = command.limit();
        final SetTopicAccessDecoder.EntriesDecoder entries = command.entries();
        final int count = entries.count();
        while (entries.hasNext()) {
            entries.next().skipPrincipal();
        }
        if (count > state.limit(LimitId.ACCESS_ENTRIES)) {
            request.refuseLimit(LimitId.ACCESS_ENTRIES, state.limit(LimitId.ACCESS_ENTRIES), count);
            return;
        }
        final int before = topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK);
        if (!request.hasArenaRoom(count == 0 ? 0 : command.limit() - offset, before)) {
            return;
        }
        final int list = count == 0 ? -1 : state.payloads.store(command.buffer(), offset, command.limit() - offset);
        topics.putInt(topic, Topic.ACCESS_PAYLOAD_LINK, list + 1);
        topics.seal(topic);
        release(before);
        request.confirm(0, 0);
    }

    /** The topic is gone at once; its subscriptions go in slices, when what was published before has reached them. */
    void delete(final Request request, final long topicId) {
        final int topic = request.topic(topicId, Access.MANAGE);
        if (topic < 0) {
            return;
        }
        if (state.topics.archiveOf(topic) >= 0) {
            request.refuse(ResultCode.TOPIC_HAS_ARCHIVE);
            return;
        }
        state.topics.topicsById.remove(topic);
        state.topics.topicsByName.remove(topic);
        topics.putLong(topic, Topic.DELETED_TURN, state.next(Root.NEXT_TURN));
        topics.seal(topic);
        if (state.topics.unfinished.first(topic) < 0) {
            state.topics.deletedTopics.addLast(State.ONLY, topic);
        }
        request.confirm(0, 0);
    }

    /** Frees a deleted topic that has no subscription left. */
    void free(final int topic) {
        final int name = topics.getInt(topic, Topic.NAME_PAYLOAD);
        final int tags = topics.getInt(topic, Topic.TAGS_PAYLOAD_LINK);
        final int access = topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK);
        state.topics.deletedTopics.remove(State.ONLY, topic);
        topics.free(topic);
        state.payloads.release(name);
        release(tags);
        release(access);
    }

    private void release(final int payloadLink) {
        if (payloadLink != 0) {
            state.payloads.release(payloadLink - 1);
        }
    }
}

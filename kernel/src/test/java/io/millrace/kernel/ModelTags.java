package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tags of queues and topics. */
final class ModelTags {

    private final ModelState state;

    ModelTags(final ModelState state) {
        this.state = state;
    }

    /** Adds tags or replaces them; returns what is wrong with them, null if nothing is. */
    Event tag(final Command command, final Map<String, String> present, final List<Command.Tag> added) {
        if (added.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        final Map<String, String> tags = new LinkedHashMap<>(present);
        for (int i = 0; i < added.size(); i++) {
            final Command.Tag tag = added.get(i);
            if (tag.key().length() > state.limit(LimitId.TAG_KEY_BYTES)) {
                return limited(command, LimitId.TAG_KEY_BYTES, tag.key().length(), i);
            }
            if (tag.key().isEmpty() || !Utf8.isWellFormed(tag.key())) {
                return ModelAnswers.refused(command, ResultCode.INVALID_NAME, i);
            }
            if (tag.value().length() > state.limit(LimitId.TAG_VALUE_BYTES)) {
                return limited(command, LimitId.TAG_VALUE_BYTES, tag.value().length(), i);
            }
            if (!Utf8.isWellFormed(tag.value())) {
                return ModelAnswers.refused(command, ResultCode.INVALID_NAME, i);
            }
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > state.limit(LimitId.TAGS)) {
            return limited(command, LimitId.TAGS, tags.size(), -1);
        }
        present.putAll(tags);
        return null;
    }

    /** Removes tags; returns what is wrong, null if nothing is. */
    static Event untag(final Command command, final Map<String, String> present, final List<String> keys) {
        if (keys.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        keys.forEach(present::remove);
        return null;
    }

    private Event limited(final Command command, final LimitId limitId, final long actual, final int entryIndex) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, entryIndex);
    }
}

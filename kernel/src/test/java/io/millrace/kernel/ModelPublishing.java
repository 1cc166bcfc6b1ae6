package io.millrace.kernel;

import static io.millrace.kernel.ModelState.accounted;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Tracked;
import io.millrace.kernel.ModelTopicState.Awaiting;
import io.millrace.kernel.ModelTopicState.Content;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Publication;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Publishing in the model: messages are stored once and then brought to one subscription after the other. */
final class ModelPublishing {

    /** N2. */
    private static final int MOST_RAW_ATTRIBUTES = 10;

    /** An envelope takes no more room than this and six bytes for each that it shows. */
    private static final int ENVELOPE_FRAME = 1_024;

    private static final int MOST_ESCAPED_BYTES = 6;

    private final KernelModel model;
    private final ModelState state;
    private final ModelTopicState topics;
    private final ModelSends sends;
    private final ModelEntries entries;
    private final ModelArchives archives;
    private final int slice;
    private int budget;

    ModelPublishing(final KernelModel model, final ModelSends sends, final ModelArchives archives) {
        this.model = model;
        this.sends = sends;
        this.archives = archives;
        state = model.state;
        topics = state.topics;
        entries = new ModelEntries(state);
        slice = sliceOfKernel();
    }

    /** Read when the test runs, so that a kernel with other slices than the compiled ones has a model like it. */
    private static int sliceOfKernel() {
        try {
            return FanOut.class.getDeclaredField("SLICE").getInt(null);
        } catch (final ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    Event publish(final Topic topic, final Command.PublishMessages command) {
        final List<Command.Published> published = command.entries();
        if (published.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        if (state.blobs.isClaim() && topic.archive != null) {
            return ModelAnswers.refused(command, ResultCode.CLAIM_NOT_ARCHIVED, -1);
        }
        if (published.size() > state.limit(LimitId.BATCH_ENTRIES)) {
            return limited(command, LimitId.BATCH_ENTRIES, published.size());
        }
        final ModelEntries.Target target = new ModelEntries.Target(
                topic.isFifo(), state.limit(LimitId.MESSAGE_BYTES), topic.settings.contentDeduplication() == Switch.ON);
        final List<Event.Refused> wrongs = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            final Event.Refused wrong = wrong(command, target, published.get(i), i);
            if (wrong != null && (!command.eachEntry() || ModelEntries.failsTheCommand(topic.isFifo(), wrong))) {
                return wrong;
            }
            wrongs.add(wrong);
        }
        final long batchBytes =
                published.stream().mapToLong(Command.Published::accountedBytes).sum();
        if (batchBytes > state.limit(LimitId.BATCH_BYTES)) {
            return limited(command, LimitId.BATCH_BYTES, batchBytes);
        }
        final List<Command.Published> right = IntStream.range(0, published.size())
                .filter(i -> wrongs.get(i) == null)
                .mapToObj(published::get)
                .toList();
        final long bytes =
                right.stream().mapToLong(entry -> mostBytes(topic, entry)).sum();
        final int receivers =
                right.stream().mapToInt(entry -> topic.audience(entry).size()).sum();
        final Event full = sends.full(command, receivers, bytes);
        return full == null ? store(topic, command, wrongs) : full;
    }

    private Event.Refused wrong(
            final Command.PublishMessages command,
            final ModelEntries.Target target,
            final Command.Published entry,
            final int index) {
        if (!entry.bodies().isEmpty() && entry.payload().body().isEmpty()) {
            return (Event.Refused) ModelAnswers.refused(command, ResultCode.DEFAULT_BODY_REQUIRED, index);
        }
        final Event.Refused wrong = entries.wrongContent(command, target, entry.payload(), command.text(), index);
        final Event.Refused wrongBodies = wrong == null ? entries.wrongBodies(command, entry, index) : wrong;
        final Event.Refused wrongEntry =
                wrongBodies == null ? wrongSubject(command, entry.subject(), index) : wrongBodies;
        return wrongEntry == null ? wrongClaim(command, entry, index) : wrongEntry;
    }

    private Event.Refused wrongClaim(final Command command, final Command.Published entry, final int index) {
        return state.blobs.isClaim() && !entry.bodies().isEmpty()
                ? (Event.Refused) ModelAnswers.refused(command, ResultCode.INVALID_BLOB_REFERENCE, index)
                : state.blobs.wrong(command, entry.payload(), index);
    }

    private Event.Refused wrongSubject(final Command command, final String subject, final int index) {
        final boolean valid = Utf8.isWellFormed(subject) && subject.chars().noneMatch(c -> c < ' ' || c == 0x7F);
        if (!valid) {
            return (Event.Refused) ModelAnswers.refused(command, ResultCode.INVALID_CHARACTERS, index);
        }
        final long characters = Utf8.characters(subject);
        final long limit = state.limit(LimitId.SUBJECT_CHARACTERS);
        return characters > limit
                ? (Event.Refused) ModelAnswers.limited(command, LimitId.SUBJECT_CHARACTERS, limit, characters, index)
                : null;
    }

    /** One copy for all, one envelope if somebody wants it, for each queue a lane, and the list of whose policy it passes. */
    private long mostBytes(final Topic topic, final Command.Published entry) {
        final List<Subscription> audience = topic.audience(entry);
        final long filtered = audience.stream().filter(Subscription::isFiltered).count();
        final boolean enveloped = needsEnvelope(audience);
        final long copies = ModelBodies.mostLengths(entry).stream()
                .mapToLong(length -> accounted(length)
                        + (enveloped ? ENVELOPE_FRAME + MOST_ESCAPED_BYTES * (length + topic.name.length()) : 0))
                .sum();
        final long lanes = audience.size() * ModelState.ofLane(entry.payload().groupId());
        return copies + lanes + (filtered == 0 ? 0 : accounted(8 + 8 * filtered));
    }

    /** What is in a blob cannot be shown in an envelope. */
    private boolean needsEnvelope(final List<Subscription> audience) {
        return !state.blobs.isClaim() && !audience.stream().allMatch(Subscription::isRaw);
    }

    private Event store(final Topic topic, final Command.PublishMessages command, final List<Event.Refused> wrongs) {
        final long firstId = state.nextMessageId;
        final List<Event.SendResult> results = new ArrayList<>();
        for (int i = 0; i < wrongs.size(); i++) {
            final Event.Refused wrong = wrongs.get(i);
            results.add(
                    wrong == null
                            ? storeOrDrop(topic, command.entries().get(i), command.text())
                            : new Event.SendResult(
                                    0, 0, wrong.code(), wrong.limitId(), wrong.limit(), wrong.actual(), false));
        }
        return topic.isFifo() || command.eachEntry()
                ? new Event.SendResults(command.correlationId(), results)
                : new Event.Confirmed(command.correlationId(), firstId, results.size());
    }

    /** N13: a FIFO topic drops what is a duplicate in the topic, or in the group if that is the scope. */
    private Event.SendResult storeOrDrop(final Topic topic, final Command.Published entry, final boolean text) {
        final Payload payload = ModelBodies.got(entry, topic.isFifo(), ModelBodies.QUEUE);
        final Tracked first = topic.isFifo() ? sends.first(topic.tracked, payload) : null;
        if (first != null) {
            return result(first.messageId(), first.sequenceNumber(), true);
        }
        final long messageId = state.nextMessageId++;
        final long sequence = topic.nextSequence++;
        topic.publishedCount++;
        state.blobs.accept(payload);
        if (topic.isFifo()) {
            topic.tracked.add(sends.track(topic.settings.deduplicationScope(), payload, messageId, sequence));
        }
        final Kept kept = new Kept(messageId, sequence, state.nowNs, entry);
        archives.keep(topic, kept, text);
        final List<Subscription> audience = topic.audience(entry);
        topic.listeners().stream()
                .filter(subscription -> !audience.contains(subscription))
                .forEach(subscription -> subscription.filteredCount++);
        if (!audience.isEmpty()) {
            final Publication publication = publication(topic, kept, needsEnvelope(audience), false);
            audience.forEach(subscription -> publication.left.add(new Awaiting(subscription)));
            publication.reserved = audience.size();
            topic.unfinished.add(publication);
            if (!topics.pending.contains(topic)) {
                topics.pending.add(topic);
            }
        }
        return result(messageId, sequence, false);
    }

    private static Publication publication(
            final Topic topic, final Kept message, final boolean enveloped, final boolean replayed) {
        final Publication publication = new Publication();
        publication.messageId = message.messageId();
        publication.sequence = message.sequence();
        publication.publishedNs = message.timeNs();
        publication.enveloped = enveloped;
        publication.replayed = replayed;
        final Command.Published entry = message.entry();
        publication.forQueues = content(publication, topic, entry, ModelBodies.QUEUE);
        publication.forSessions = ModelBodies.isSplit(entry)
                ? content(publication, topic, entry, ModelBodies.SESSION)
                : publication.forQueues;
        publication.forStreams = content(publication, topic, entry, ModelBodies.STREAM);
        return publication;
    }

    private static Content content(
            final Publication publication, final Topic topic, final Command.Published entry, final int protocol) {
        final Payload payload = ModelBodies.got(entry, topic.isFifo(), protocol);
        return new Content(
                payload, publication.enveloped ? envelope(publication, topic, payload, entry.subject()) : null);
    }

    private static Payload envelope(
            final Publication publication, final Topic topic, final Payload payload, final String subject) {
        final String deduplicationId = topic.isFifo() ? ModelSends.deduplicationId(payload) : "";
        return ModelEnvelope.of(topic, publication, new Command.Published(payload, subject), deduplicationId);
    }

    private static Event.SendResult result(final long messageId, final long sequence, final boolean duplicate) {
        return new Event.SendResult(messageId, sequence, ResultCode.OK, LimitId.NONE, 0, 0, duplicate);
    }

    /** A record begins: so much can be brought to subscriptions in it. */
    void beginRecord() {
        budget = slice;
        bring();
    }

    /** Topics in turns, as far as it goes: a delivery costs one, and so does the end of a publication. */
    void bring() {
        while (budget > 0 && !topics.pending.isEmpty()) {
            final Topic topic = topics.pending.remove(0);
            while (budget > 0 && !topic.unfinished.isEmpty()) {
                bring(topic, topic.unfinished.get(0));
            }
            if (!topic.unfinished.isEmpty()) {
                topics.pending.add(topic);
            }
        }
    }

    /** What is over costs nothing, but one with a policy, which is found to be over only when it has its turn. */
    private void bring(final Topic topic, final Publication publication) {
        publication.left.removeIf(awaiting -> !awaiting.filtered() && awaiting.isOver());
        while (budget > 0 && !publication.left.isEmpty()) {
            final Awaiting next = publication.left.remove(0);
            if (!next.isOver()) {
                deliver(publication, next.subscription());
            }
            budget--;
        }
        if (publication.left.isEmpty()) {
            topic.unfinished.remove(publication);
            budget--;
        }
    }

    /** The policy of a subscription is about to change: it gets at once what was published before. */
    void catchUp(final Subscription subscription) {
        for (final Publication publication : subscription.topic.unfinished) {
            final boolean awaits = publication.left.stream()
                    .anyMatch(awaiting -> awaiting.subscription() == subscription && !awaiting.isOver());
            if (awaits) {
                deliver(publication, subscription);
            }
        }
        subscription.changed = topics.nextChange++;
    }

    private void deliver(final Publication publication, final Subscription subscription) {
        publication.reserved--;
        bring(publication, subscription);
    }

    private void bring(final Publication publication, final Subscription subscription) {
        if (subscription.isForStream()) {
            put(publication, subscription);
        } else if (subscription.isForSessions()) {
            push(publication, subscription);
        } else {
            send(publication, subscription);
        }
        model.dispatchTouched();
    }

    /** N17: brings a message to a subscription as it was published; false if there is no room for it now. */
    boolean replay(final Subscription subscription, final Kept message) {
        final Publication publication = publication(subscription.topic, message, !subscription.isRaw(), true);
        if (!hasRoom() || subscription.isForStream() && isThrottled(publication, subscription)) {
            return false;
        }
        bring(publication, subscription);
        return true;
    }

    /** What there is no envelope of cannot be pushed; everything else can. */
    private void push(final Publication publication, final Subscription subscription) {
        final Payload payload = payload(publication, publication.forSessions, subscription);
        if (payload == null) {
            fail(publication, subscription, publication.forSessions.payload());
        } else {
            final Queue queue = state.queues.get(subscription.queueId);
            store(publication, queue, payload);
            model.touch(queue);
        }
    }

    /** N11: what a stream does not take now is not tried again. */
    private void put(final Publication publication, final Subscription subscription) {
        final Payload message = publication.forStreams.payload();
        final Payload payload = payload(publication, publication.forStreams, subscription);
        final boolean isPut = payload != null
                && ModelStreamSubscriptions.put(state, subscription, publication.messageId, message, payload);
        if (isPut) {
            subscription.deliveredCount++;
        } else {
            fail(publication, subscription, payload == null ? message : payload);
        }
    }

    /** Whether the server has room for one more message. */
    boolean hasRoom() {
        return state.messages.size() + topics.reserved() < state.limit(LimitId.MESSAGES);
    }

    /** Whether the shard that a message is for has had its quota. */
    private boolean isThrottled(final Publication publication, final Subscription subscription) {
        final Payload message = publication.forStreams.payload();
        final Payload payload = payload(publication, publication.forStreams, subscription);
        return payload != null
                && ModelStreamSubscriptions.isThrottled(state, subscription, publication.messageId, message, payload);
    }

    private static Payload payload(
            final Publication publication, final Content content, final Subscription subscription) {
        return subscription.isRaw() || !publication.enveloped ? content.payload() : content.envelope();
    }

    /** N2, N11: what a queue cannot take is not tried again, but goes to the dead-letter queue if there is one. */
    private void send(final Publication publication, final Subscription subscription) {
        final Payload payload = payload(publication, publication.forQueues, subscription);
        final Queue queue = state.queues.get(subscription.queueId);
        final boolean fits = queue != null
                && payload != null
                && payload.attributes().size() <= MOST_RAW_ATTRIBUTES
                && payload.accountedBytes() <= queue.settings.maxMessageBytes();
        if (fits) {
            final Event.SendResult result = sends.storeOrDrop(queue, new Command.Entry(null, payload));
            if (!result.duplicate()) {
                state.messages.get(result.messageId()).replayed = publication.replayed;
            }
            subscription.deliveredCount++;
            model.touch(queue);
        } else {
            fail(publication, subscription, payload == null ? publication.forQueues.payload() : payload);
        }
    }

    private Message store(final Publication publication, final Queue queue, final Payload payload) {
        final Message message = sends.store(queue, new Command.Entry(null, payload));
        message.replayed = publication.replayed;
        return message;
    }

    private void fail(final Publication publication, final Subscription subscription, final Payload payload) {
        final Queue target = state.queues.get(subscription.settings.deadLetterQueueId());
        if (target == null) {
            subscription.discardedCount++;
            return;
        }
        store(publication, target, payload).moved = true;
        subscription.deadLetterCount++;
        model.touch(target);
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }
}

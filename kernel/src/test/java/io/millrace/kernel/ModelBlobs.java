package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Blobs of the model. What refers to one is found by looking at all messages. */
final class ModelBlobs {

    private static final class Blob {

        BlobReference reference;
        long declaredTimeNs;
        /** Whether a message that refers to it was accepted. */
        boolean wasReferredTo;
    }

    private final ModelState state;
    private final TreeMap<Long, Blob> blobs = new TreeMap<>();
    private final Map<Payload, Blob> claims = new IdentityHashMap<>();
    private final List<String> unused = new ArrayList<>();
    private boolean isClaim;
    private long nextBlobId = 1;

    ModelBlobs(final ModelState state) {
        this.state = state;
    }

    /** A command begins; what it stands for, and whether its messages refer to blobs. */
    Command begin(final Command command) {
        isClaim = command instanceof Command.Claim;
        return isClaim ? ((Command.Claim) command).command() : command;
    }

    /** Whether the messages of the present command refer to blobs. */
    boolean isClaim() {
        return isClaim;
    }

    /** Blobs that are there. */
    List<BlobReference> all() {
        return blobs.values().stream().map(blob -> blob.reference).toList();
    }

    /** Ids that were given are below this. */
    long nextBlobId() {
        return nextBlobId;
    }

    /** What the host was told since the last call: which blobs nothing needs any more. */
    List<String> drainUnused() {
        final List<String> drained = unused.stream().sorted().toList();
        unused.clear();
        return drained;
    }

    Event declare(final Command.DeclareBlob command) {
        final BlobReference reference = command.blob();
        final long length = reference.contentLength();
        if (length < 0 || reference.id() != 0) {
            return ModelAnswers.invalid(command, length < 0 ? length : reference.id(), -1);
        }
        if (length > state.limit(LimitId.BLOB_BYTES)) {
            return limited(command, LimitId.BLOB_BYTES, length);
        }
        if (blobs.size() >= state.limit(LimitId.BLOBS)) {
            return limited(command, LimitId.BLOBS, blobs.size() + 1L);
        }
        final Blob blob = new Blob();
        blob.reference = reference.withId(nextBlobId++);
        blob.declaredTimeNs = state.nowNs;
        blobs.put(blob.reference.id(), blob);
        return new Event.Confirmed(command.correlationId(), blob.reference.id(), 1);
    }

    /** What is wrong with a body of the present command that is to refer to a blob, null if nothing is. */
    Event.Refused wrong(final Command command, final Payload payload, final int index) {
        if (!isClaim) {
            return null;
        }
        final String body = payload.body();
        if (body.length() != BlobReference.LENGTH) {
            return wrong(command, ResultCode.INVALID_BLOB_REFERENCE, body.length(), index);
        }
        final long id = BlobReference.of(body).id();
        final Blob blob = blobs.get(id);
        if (blob == null) {
            return wrong(command, ResultCode.UNKNOWN_BLOB, id, index);
        }
        return blob.reference.text().equals(body) ? null : wrong(command, ResultCode.BLOB_DIFFERS, id, index);
    }

    private static Event.Refused wrong(
            final Command command, final ResultCode code, final long actual, final int index) {
        return new Event.Refused(command.correlationId(), code, LimitId.NONE, 0, actual, index);
    }

    /** A message of the present command was accepted. */
    void accept(final Payload payload) {
        if (isClaim) {
            final Blob blob = blobs.get(BlobReference.of(payload.body()).id());
            blob.wasReferredTo = true;
            claims.put(payload, blob);
        }
    }

    /** The blob that a payload refers to, null if there is none. */
    BlobReference of(final Payload payload) {
        return claims.containsKey(payload) ? claims.get(payload).reference : null;
    }

    /** Forgets what nothing refers to any more, and what nothing ever referred to for too long. */
    void forgetUnused() {
        for (final Blob blob : List.copyOf(blobs.values())) {
            final boolean isOver =
                    blob.wasReferredTo || state.nowNs - blob.declaredTimeNs >= state.limit(LimitId.BLOB_REST);
            if (isOver && references(blob) == 0) {
                blobs.remove(blob.reference.id());
                unused.add(blob.reference.id() + ": " + blob.reference.contentLength() + " bytes");
            }
        }
    }

    /** A publication is one, however many subscriptions it has to reach. */
    private long references(final Blob blob) {
        final long messages = state.messages.values().stream()
                .filter(message -> claims.get(message.payload) == blob)
                .count();
        return messages
                + state.topics.pending.stream()
                        .flatMap(topic -> topic.unfinished.stream())
                        .filter(publication -> claims.get(publication.forQueues.payload()) == blob)
                        .count();
    }

    /** The answer to a query, null if it does not concern blobs. */
    Event answer(final Command query) {
        if (query instanceof Command.DescribeBlob describe) {
            final Blob blob = blobs.get(describe.blobId());
            return blob == null
                    ? wrong(query, ResultCode.UNKNOWN_BLOB, describe.blobId(), -1)
                    : new Event.BlobList(query.correlationId(), 0, List.of(line(blob)));
        }
        return query instanceof Command.ListBlobs list ? list(list) : null;
    }

    /** Ids are looked at one by one, also of blobs that are gone. */
    private Event list(final Command.ListBlobs query) {
        final long most = state.limit(LimitId.LIST_ENTRIES);
        if (query.maxEntries() == 0 || query.maxEntries() > most) {
            return limited(query, LimitId.LIST_ENTRIES, query.maxEntries());
        }
        if (query.afterBlobId() < 0) {
            return ModelAnswers.invalid(query, query.afterBlobId(), -1);
        }
        final List<String> page = new ArrayList<>();
        long id = query.afterBlobId();
        for (int examined = 0; examined < most && page.size() < query.maxEntries() && id + 1 < nextBlobId; examined++) {
            id++;
            if (blobs.containsKey(id)) {
                page.add(line(blobs.get(id)));
            }
        }
        return new Event.BlobList(query.correlationId(), id + 1 < nextBlobId ? id : 0, page);
    }

    private String line(final Blob blob) {
        return blob.reference + " x" + references(blob);
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }
}

package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import java.util.List;
import java.util.Random;

/** Draws commands and queries about blobs, and messages whose content is in one. */
final class RandomBlobCommands {

    private final RandomValues values;
    private final Random random;

    RandomBlobCommands(final RandomValues values) {
        this.values = values;
        random = values.random;
    }

    Command declare(final long id) {
        final long most = values.state.limit(LimitId.BLOB_BYTES);
        final long length = values.oneIn(20) ? values.oneOf(-1L, most + 1) : random.nextInt((int) most + 1);
        return new Command.DeclareBlob(
                id, values.producer(), new BlobReference(values.oneIn(30) ? 7 : 0, length, values.oneOf('p', 's')));
    }

    Command describe(final long id) {
        return new Command.DescribeBlob(id, blob().id());
    }

    Command list(final long id) {
        return new Command.ListBlobs(
                id,
                values.oneIn(30) ? -1 : random.nextInt((int) values.state.blobs.nextBlobId() + 1),
                random.nextInt(6));
    }

    /** The body of a message: a blob there is, most of the time. */
    String body() {
        final BlobReference blob = blob();
        if (!values.oneIn(12)) {
            return blob.text();
        }
        return values.oneOf(
                "short",
                new BlobReference(blob.id(), blob.contentLength() + 1, blob.digest()).text(),
                new BlobReference(blob.id(), blob.contentLength(), 'x').text());
    }

    private BlobReference blob() {
        final List<BlobReference> all = values.state.blobs.all();
        return all.isEmpty() || values.oneIn(20)
                ? new BlobReference(random.nextInt((int) values.state.blobs.nextBlobId() + 2), 1, 'p')
                : values.any(all);
    }
}

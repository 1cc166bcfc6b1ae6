package io.millrace.client;

import io.millrace.codecs.DeclareBlobEncoder;
import io.millrace.codecs.DescribeBlobEncoder;
import io.millrace.codecs.ListBlobsEncoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes blobs known to the server whose content is kept elsewhere, so that messages can refer to them: the server counts who does, in
 * all queues, and tells its host when nobody does any more. Every call waits for its answer as those of {@link Topics} do.
 *
 * <pre>{@code
 * final BlobReference picture = client.blobs().declare(5_000_000, sha256);
 * picture.encode(buffer, 0);
 * publisher.publish(topicId, buffer, 0, BlobReference.LENGTH, options.claim(true));
 * }</pre>
 */
public final class Blobs {
    private static final int PAGE_ENTRIES = 100;

    private final Frames frames;
    private final BlockingRequests requests;

    Blobs(final FrameWriter writer, final BlockingRequests requests) {
        this.frames = new Frames(writer);
        this.requests = requests;
    }

    /**
     * Declares a blob. It goes when the last message that refers to it has gone, or after a while if none ever does.
     *
     * @param contentLength its length in bytes
     * @param sha256 SHA-256 of its bytes in hexadecimal digits
     * @return what messages are to say
     */
    public BlobReference declare(final long contentLength, final String sha256) {
        final BlobReference unnamed = new BlobReference(0, contentLength, sha256);
        final long blobId = requests.command(
                "declare a blob",
                refusal -> ErrorText.describe(refusal.code(), refusal.limitId(), refusal.limit(), refusal.actual()),
                () -> frames.declare(unnamed));
        return new BlobReference(blobId, contentLength, sha256);
    }

    /**
     * Tells of a blob.
     *
     * @param blobId the blob
     * @return what is known of it; {@code UNKNOWN_BLOB} is thrown if it was never declared or has gone
     */
    public BlobInfo describe(final long blobId) {
        return requests.query(
                "describe the blob " + blobId, none(blobId), BlobInfo.class, () -> frames.describe(blobId));
    }

    /** @return all blobs in order of their declaration, asked for page by page until the last. */
    public List<BlobInfo> list() {
        final List<BlobInfo> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.BlobPage page = requests.query(
                    "list the blobs", none(0), Answers.BlobPage.class, () -> frames.list(start, PAGE_ENTRIES));
            result.addAll(page.blobs());
            after = page.nextAfterBlobId();
        } while (after != 0);
        return result;
    }

    private static BlockingRequests.Explanation none(final long blobId) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_BLOB ? "No blob has the id " + blobId + "." : null;
    }

    /** Encodes the requests. Each method returns a correlation id or a negative code. */
    private static final class Frames extends RequestFrames {
        Frames(final FrameWriter writer) {
            super(writer);
        }

        long declare(final BlobReference blob) {
            blob.encode(body, new DeclareBlobEncoder().wrap(body, 0).blob().offset());
            return command(DeclareBlobEncoder.TEMPLATE_ID, DeclareBlobEncoder.BLOCK_LENGTH);
        }

        long describe(final long blobId) {
            new DescribeBlobEncoder().wrap(body, 0).blobId(blobId);
            return query(DescribeBlobEncoder.TEMPLATE_ID, DescribeBlobEncoder.BLOCK_LENGTH);
        }

        long list(final long after, final int maxEntries) {
            new ListBlobsEncoder().wrap(body, 0).afterBlobId(after).maxEntries(maxEntries);
            return query(ListBlobsEncoder.TEMPLATE_ID, ListBlobsEncoder.BLOCK_LENGTH);
        }
    }
}

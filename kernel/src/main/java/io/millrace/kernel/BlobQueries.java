package io.millrace.kernel;

import io.millrace.codecs.BlobDescriptionEncoder;
import io.millrace.codecs.BlobListEncoder;
import io.millrace.codecs.BlobReferenceEncoder;
import io.millrace.codecs.DescribeBlobDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListBlobsDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Blob;
import io.millrace.kernel.Tables.Root;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Answers what is asked about blobs. */
final class BlobQueries {
    private static final int LIST_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH
            + BlobListEncoder.BLOCK_LENGTH
            + BlobListEncoder.BlobsEncoder.HEADER_SIZE;
    private static final int ENTRY_LENGTH = BlobListEncoder.BlobsEncoder.sbeBlockLength();
    private static final int DIGEST = BlobReferenceEncoder.sha256EncodingOffset();
    private static final int DIGEST_LENGTH = BlobReferenceEncoder.sha256Length();

    private final State state;
    private final BlobState blobs;
    private final Egress egress;
    private final Reply reply;
    private final DescribeBlobDecoder describeBlob = new DescribeBlobDecoder();
    private final ListBlobsDecoder listBlobs = new ListBlobsDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BlobDescriptionEncoder description = new BlobDescriptionEncoder();
    private final BlobListEncoder list = new BlobListEncoder();

    BlobQueries(final State state, final Egress egress, final Reply reply) {
        this.state = state;
        this.blobs = state.blobs;
        this.egress = egress;
        this.reply = reply;
    }

    void execute(
            final int templateId,
            final long sessionId,
            final long correlationId,
            final DirectBuffer buffer,
            final int body) {
        switch (templateId) {
            case DescribeBlobDecoder.TEMPLATE_ID -> {
                describeBlob.wrap(buffer, body, DescribeBlobDecoder.BLOCK_LENGTH, DescribeBlobDecoder.SCHEMA_VERSION);
                describe(sessionId, correlationId, describeBlob.blobId());
            }
            case ListBlobsDecoder.TEMPLATE_ID -> {
                listBlobs.wrap(buffer, body, ListBlobsDecoder.BLOCK_LENGTH, ListBlobsDecoder.SCHEMA_VERSION);
                list(sessionId, correlationId, listBlobs.afterBlobId(), listBlobs.maxEntries());
            }
            default -> throw new IllegalStateException("no query has the template id " + templateId);
        }
    }

    private void describe(final long sessionId, final long correlationId, final long blobId) {
        final int blob = blobs.find(blobId);
        if (blob < 0) {
            reply.refused(sessionId, correlationId, Request.WHOLE, ResultCode.UNKNOWN_BLOB, LimitId.NONE, 0, blobId);
            return;
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + BlobDescriptionEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        description
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .declaredTimeNs(blobs.blobs.getLong(blob, Blob.DECLARED_TIME))
                .referenceCount(blobs.blobs.getLong(blob, Blob.REFERENCES));
        put(description.blob(), blob);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void put(final BlobReferenceEncoder reference, final int blob) {
        reference
                .blobId(blobs.blobs.getLong(blob, Blob.ID))
                .contentLength(blobs.blobs.getLong(blob, Blob.CONTENT_LENGTH));
        final int digest = reference.offset() + DIGEST;
        for (int i = 0; i < DIGEST_LENGTH; i += Long.BYTES) {
            reference.buffer().putLong(digest + i, blobs.blobs.getLong(blob, Blob.DIGEST + i), ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Examines ids in order, those of blobs that are gone included, at most as many as the limit says. */
    private void list(final long sessionId, final long correlationId, final long after, final int max) {
        final long most = state.limit(LimitId.LIST_ENTRIES);
        if (max == 0 || max > most) {
            reply.refused(
                    sessionId,
                    correlationId,
                    Request.WHOLE,
                    ResultCode.LIMIT_EXCEEDED,
                    LimitId.LIST_ENTRIES,
                    most,
                    max);
            return;
        }
        if (after < 0) {
            reply.refused(sessionId, correlationId, Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
            return;
        }
        final long end = state.root.getLong(State.ONLY, Root.NEXT_BLOB_ID);
        final long first = Math.min(after, end) + 1;
        final long room = Math.min(max, (state.limit(LimitId.FRAME_BYTES) - LIST_LENGTH) / ENTRY_LENGTH);
        int count = 0;
        long next = first;
        for (; next < end && next - first < most && count < room; next++) {
            count += blobs.find(next) < 0 ? 0 : 1;
        }
        send(sessionId, correlationId, first, next, count);
    }

    /** Sends those with ids from one up to another. */
    private void send(
            final long sessionId, final long correlationId, final long first, final long end, final int count) {
        final int length = LIST_LENGTH + count * ENTRY_LENGTH;
        final int offset = egress.claim(sessionId, length);
        final BlobListEncoder.BlobsEncoder entries = list.wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterBlobId(end < state.root.getLong(State.ONLY, Root.NEXT_BLOB_ID) ? end - 1 : 0)
                .blobsCount(count);
        for (long blobId = first; blobId < end; blobId++) {
            final int blob = blobs.find(blobId);
            if (blob >= 0) {
                put(entries.next().blob(), blob);
                entries.referenceCount(blobs.blobs.getLong(blob, Blob.REFERENCES))
                        .declaredTimeNs(blobs.blobs.getLong(blob, Blob.DECLARED_TIME));
            }
        }
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}

package io.millrace.kernel;

import io.millrace.codecs.BlobReferenceDecoder;
import io.millrace.codecs.DeclareBlobDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Blob;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Declares blobs, and judges the bodies that refer to them (claim check: the content stays outside, the message carries its name). */
final class Blobs {
    /** Length of a body that refers to a blob. */
    static final int REFERENCE_LENGTH = BlobReferenceDecoder.ENCODED_LENGTH;

    private static final int CONTENT_LENGTH = BlobReferenceDecoder.contentLengthEncodingOffset();
    private static final int DIGEST = BlobReferenceDecoder.sha256EncodingOffset();
    private static final int DIGEST_LENGTH = BlobReferenceDecoder.sha256Length();

    /** Old blobs forgotten in one record. */
    private static final int QUANTUM = 16;

    private final State state;
    private final BlobState blobs;
    private final SlotTable rows;

    Blobs(final State state) {
        this.state = state;
        this.blobs = state.blobs;
        this.rows = state.blobs.blobs;
    }

    void declare(final Request request, final DeclareBlobDecoder command) {
        final BlobReferenceDecoder reference = command.blob();
        final long length = reference.contentLength();
        final long count = rows.liveCount() + 1L;
        if (reference.blobId() != 0 || length < 0) {
            request.refuse(
                    Request.WHOLE,
                    ResultCode.INVALID_ARGUMENT,
                    LimitId.NONE,
                    0,
                    length < 0 ? length : reference.blobId());
        } else if (length > state.limit(LimitId.BLOB_BYTES)) {
            request.refuseLimit(LimitId.BLOB_BYTES, state.limit(LimitId.BLOB_BYTES), length);
        } else if (count > state.limit(LimitId.BLOBS)) {
            request.refuseLimit(LimitId.BLOBS, state.limit(LimitId.BLOBS), count);
        } else {
            request.confirm(make(reference.buffer(), reference.offset(), length), 1);
        }
    }

    private long make(final DirectBuffer buffer, final int reference, final long length) {
        final int blob = rows.allocate();
        final long blobId = state.next(Root.NEXT_BLOB_ID);
        rows.putLong(blob, Blob.ID, blobId);
        rows.putLong(blob, Blob.CONTENT_LENGTH, length);
        for (int i = 0; i < DIGEST_LENGTH; i += Long.BYTES) {
            rows.putLong(blob, Blob.DIGEST + i, longAt(buffer, reference + DIGEST + i));
        }
        rows.putLong(blob, Blob.DECLARED_TIME, state.nowNs);
        rows.putLong(blob, Blob.RESTING_TURN, state.next(Root.NEXT_TURN));
        rows.seal(blob);
        blobs.link(blob);
        return blobId;
    }

    /** Judges a body that is to refer to a blob. */
    void inspect(final Finding finding, final DirectBuffer buffer, final int body, final int length) {
        if (length != REFERENCE_LENGTH) {
            finding.set(ResultCode.INVALID_BLOB_REFERENCE, length);
            return;
        }
        final long blobId = longAt(buffer, body);
        final int blob = blobs.find(blobId);
        if (blob < 0) {
            finding.set(ResultCode.UNKNOWN_BLOB, blobId);
        } else if (!isSame(blob, buffer, body)) {
            finding.set(ResultCode.BLOB_DIFFERS, blobId);
        }
    }

    private boolean isSame(final int blob, final DirectBuffer buffer, final int reference) {
        boolean isSame = longAt(buffer, reference + CONTENT_LENGTH) == rows.getLong(blob, Blob.CONTENT_LENGTH);
        for (int i = 0; i < DIGEST_LENGTH; i += Long.BYTES) {
            isSame &= longAt(buffer, reference + DIGEST + i) == rows.getLong(blob, Blob.DIGEST + i);
        }
        return isSame;
    }

    /** A payload was stored whose body refers to a blob. */
    void attach(final int payload, final PayloadIds ids) {
        state.payloads.attach(payload, blobs.find(longAt(ids.buffer(), ids.bodyOffset())));
    }

    /** A message that refers to a blob was accepted, with all others of its batch: the blob goes if none of them went to anybody. */
    void forgetUnused(final PayloadIds ids) {
        final int blob = blobs.find(longAt(ids.buffer(), ids.bodyOffset()));
        if (blob >= 0) {
            blobs.removeIfUnused(blob);
        }
    }

    /** Forgets a few blobs that nothing has referred to for too long: the oldest come first. */
    void forgetOld() {
        for (int i = 0; i < QUANTUM; i++) {
            final int blob = blobs.resting.first(State.ONLY);
            if (blob < 0 || state.nowNs - rows.getLong(blob, Blob.DECLARED_TIME) < state.limit(LimitId.BLOB_REST)) {
                return;
            }
            blobs.removeIfUnused(blob);
        }
    }

    private static long longAt(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }
}

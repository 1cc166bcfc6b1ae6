package io.millrace.kernel;

/** Where the kernel tells the host what it has to do about blobs; a replay tells the same again. */
public interface BlobPort {
    /**
     * Nothing refers to a blob any more, and nothing will: it may be removed.
     *
     * @param blobId of the blob; it is never used again.
     * @param contentLength of the blob in bytes.
     */
    void onUnused(long blobId, long contentLength);
}

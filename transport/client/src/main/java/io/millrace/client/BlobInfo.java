package io.millrace.client;

/**
 * What the server knows of a blob.
 *
 * @param reference its id, length and digest, as messages say them
 * @param declaredTimeNs when it was declared: nanoseconds since 1970
 * @param referenceCount messages that refer to it, in all queues and on the way to them
 */
public record BlobInfo(BlobReference reference, long declaredTimeNs, long referenceCount) {}

package io.millrace.kernel;

/** A receipt handle as it came in a delivery. */
record Receipt(long slot, long generation, long deliveryNumber, long reserved, long tag) {}

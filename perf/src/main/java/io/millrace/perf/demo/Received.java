package io.millrace.perf.demo;

/**
 * One delivery, as the consumer wrote it down.
 *
 * @param trade         what the message said.
 * @param isRedelivered whether the delivery was flagged as not the first.
 * @param sentNs        monotonic clock when the publisher first offered the message.
 * @param receivedNs    monotonic clock when the consumer got it.
 */
record Received(Trade trade, boolean isRedelivered, long sentNs, long receivedNs) {}

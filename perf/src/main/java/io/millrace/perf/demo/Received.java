package io.millrace.perf.demo;

/**
 * One delivery, as the consumer wrote it down.
 *
 * @param trade         what the message said.
 * @param band          price band that is the group of the message, 0 if it has no group.
 * @param isRedelivered whether the delivery was flagged as not the first.
 * @param isRedriven    whether the message came back from the dead-letter queue.
 * @param sentNs        monotonic clock when the publisher first offered the message.
 * @param receivedNs    monotonic clock when the consumer got it.
 */
record Received(Trade trade, int band, boolean isRedelivered, boolean isRedriven, long sentNs, long receivedNs) {}

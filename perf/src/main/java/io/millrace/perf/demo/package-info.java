/**
 * The demo: recorded trades from a publisher through a durable queue to a consumer, and a judge who compares what arrived with
 * what was recorded; first through a standard queue, then through a FIFO queue with dead letters and their redrive.
 */
package io.millrace.perf.demo;

/**
 * The deterministic state machine: queues, topics, streams, timers, filters, sessions and limits, without I/O or clock.
 */
package io.millrace.kernel;

/**
 * The demo: recorded trades from a publisher through a durable queue to a consumer, and a judge who compares what arrived with
 * what was recorded.
 */
package io.millrace.perf.demo;

/**
 * Benchmarks with their floors, and the demo on real trades.
 */
package io.millrace.perf;

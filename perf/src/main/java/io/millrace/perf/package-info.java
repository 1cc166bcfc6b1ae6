/**
 * Measurements against floors taken in the same run, and the demonstration on real trades.
 */
package io.millrace.perf;

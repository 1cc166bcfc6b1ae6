/**
 * What demo and benchmarks share as applications of the client library.
 */
package io.millrace.perf.client;

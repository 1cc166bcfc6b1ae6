/**
 * The benchmarks of the command line: which processes run in which order, and what is printed and written of their findings.
 */
package io.millrace.perf.bench;

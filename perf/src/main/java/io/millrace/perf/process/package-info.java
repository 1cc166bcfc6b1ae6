/**
 * Child processes of the demo and the benchmarks: started with the flags of this JVM, stopped with it, cleaned up after.
 */
package io.millrace.perf.process;

/**
 * Single operations, measured inside one JVM with JMH.
 */
package io.millrace.perf.jmh;

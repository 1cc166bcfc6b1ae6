/**
 * What is left of a run: tables, histogram files, plots and a description of the machine.
 */
package io.millrace.perf.report;

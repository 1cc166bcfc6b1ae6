/**
 * What a message costs before Millrace does anything with it: an echo over Aeron, and an echo that journals. Each figure of a
 * benchmark is compared with these, taken in the same run.
 */
package io.millrace.perf.floor;

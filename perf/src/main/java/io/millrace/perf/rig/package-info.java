/**
 * How a figure is taken: rigs that drive a {@link io.millrace.perf.rig.Link} against a clock, and what is made of their
 * histograms. Nothing here knows what is being measured.
 */
package io.millrace.perf.rig;

/**
 * Tests of the build itself: what it puts on the class path and how it starts a JVM.
 */
package io.millrace.server.build;

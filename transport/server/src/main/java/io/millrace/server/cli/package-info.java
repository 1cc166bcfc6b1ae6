/** The command line: one class a command, found by {@link java.util.ServiceLoader}. */
package io.millrace.server.cli;

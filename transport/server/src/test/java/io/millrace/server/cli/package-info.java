/** Tests of the command line. */
package io.millrace.server.cli;

/**
 * The host of the kernel: the duty cycle, its helper agents, the launcher and the command line.
 */
package io.millrace.server;

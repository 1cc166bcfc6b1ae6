/**
 * Tests of the server through real Aeron, mostly with server, driver and clients cranked by one thread.
 */
package io.millrace.server;

package io.millrace.kernel;

/** One record of the input log as a host keeps it. */
record LogRecord(long timeNs, long sessionId, byte[] frame) {}

/** Reads the files of a data directory: no library below but Agrona, no server beside. */
package io.millrace.store.reader;

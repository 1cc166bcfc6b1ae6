package io.millrace.server;

import org.agrona.DirectBuffer;

/** What takes the records of replays: the batch. */
interface ReplaySink {

    /** {@return whether nothing is in it so far} */
    boolean isEmpty();

    /**
     * Takes archived messages.
     *
     * @param buffer that holds the record, from 0.
     * @param length of the record.
     * @return false if it is full.
     */
    boolean appendReplay(DirectBuffer buffer, int length);

    /**
     * Takes the end of a replay whose archive cannot be read on.
     *
     * @param buffer that holds the record, from 0.
     * @param length of the record.
     * @return false if it is full.
     */
    boolean appendHostRecord(DirectBuffer buffer, int length);
}

package io.millrace.server.cli;

/** Takes the fields of one decoded record, in the order of the schema. */
interface FieldSink {

    /** A number. */
    void number(String name, long value);

    /** An enum value, an identifier or UTF-8 text. */
    void text(String name, String value);

    /** Bytes that may or may not be text. */
    void bytes(String name, byte[] value);

    /** An optional field that has no value. */
    void missing(String name);

    /** Starts the fields of a composite, or of an entry if the name is null. */
    void beginObject(String name);

    /** Ends the fields of a composite or an entry. */
    void endObject();

    /** Starts the entries of a group, or the names of a set. */
    void beginArray(String name);

    /** One name of a set. */
    void element(String value);

    /** Ends a group or a set. */
    void endArray();
}

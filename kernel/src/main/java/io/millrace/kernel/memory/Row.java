package io.millrace.kernel.memory;

import org.agrona.UnsafeApi;

/**
 * The fields of a row whose place is known: {@link SlotTable#row}. Where a few fields are touched, the table's own methods say the same with
 * the slot; here a row's place is computed once.
 */
public final class Row {
    private Row() {}

    /**
     * Reads a long field.
     *
     * @param row where it stands.
     * @param field its offset.
     * @return the value.
     */
    public static long getLong(final long row, final int field) {
        return UnsafeApi.getLong(row + field);
    }

    /**
     * Writes a long field.
     *
     * @param row where it stands.
     * @param field its offset.
     * @param value to write.
     */
    public static void putLong(final long row, final int field, final long value) {
        UnsafeApi.putLong(row + field, value);
    }

    /**
     * Reads an int field.
     *
     * @param row where it stands.
     * @param field its offset.
     * @return the value.
     */
    public static int getInt(final long row, final int field) {
        return UnsafeApi.getInt(row + field);
    }

    /**
     * Writes an int field.
     *
     * @param row where it stands.
     * @param field its offset.
     * @param value to write.
     */
    public static void putInt(final long row, final int field, final int value) {
        UnsafeApi.putInt(row + field, value);
    }

    /**
     * Writes a logical field of a row that was just allocated.
     *
     * @param row where it stands.
     * @param field its offset, a multiple of 8.
     * @param value to write.
     * @return what the field adds to the row's seal: see {@link SlotTable#sealNew}.
     */
    public static long putTerm(final long row, final int field, final long value) {
        UnsafeApi.putLong(row + field, value);
        return Hashing.term(field, value);
    }
}

package io.millrace.kernel.memory;

/**
 * A doubly linked list of rows of one table, its ends kept in a row of an owner table. Every operation is O(1).
 */
public final class IntrusiveList {
    private final SlotTable owners;
    private final int head;
    private final int tail;
    private final SlotTable rows;
    private final int next;
    private final int previous;

    /**
     * Describes the lists of one kind.
     *
     * @param owners table that holds the ends.
     * @param head offset of the first row's link in an owner's row.
     * @param tail offset of the last row's link in an owner's row.
     * @param rows table whose rows are linked.
     * @param next offset of the link to the next row.
     * @param previous offset of the link to the row before.
     */
    public IntrusiveList(
            final SlotTable owners,
            final int head,
            final int tail,
            final SlotTable rows,
            final int next,
            final int previous) {
        this.owners = owners;
        this.head = head;
        this.tail = tail;
        this.rows = rows;
        this.next = next;
        this.previous = previous;
    }

    /**
     * The first row.
     *
     * @param owner of the list.
     * @return its slot, -1 if the list is empty.
     */
    public int first(final int owner) {
        return owners.getInt(owner, head) - 1;
    }

    /**
     * The row behind a row.
     *
     * @param slot in the list.
     * @return its slot, -1 if the row is the last.
     */
    public int next(final int slot) {
        return rows.getInt(slot, next) - 1;
    }

    /**
     * Appends a row.
     *
     * @param owner of the list.
     * @param slot of the row, in no list that uses the same links.
     */
    public void addLast(final int owner, final int slot) {
        addLast(owners.row(owner), rows.row(slot), slot);
    }

    /**
     * Appends a row, with both places known.
     *
     * @param owner row of the list.
     * @param row in no list that uses the same links.
     * @param slot of that row.
     */
    public void addLast(final long owner, final long row, final int slot) {
        final int last = Row.getInt(owner, tail);
        Row.putInt(row, previous, last);
        Row.putInt(row, next, 0);
        if (last == 0) {
            Row.putInt(owner, head, slot + 1);
        } else {
            rows.putInt(last - 1, next, slot + 1);
        }
        Row.putInt(owner, tail, slot + 1);
    }

    /**
     * Takes a row out.
     *
     * @param owner of the list.
     * @param slot of the row, in the list.
     */
    public void remove(final int owner, final int slot) {
        final int before = rows.getInt(slot, previous);
        final int after = rows.getInt(slot, next);
        if (before == 0) {
            owners.putInt(owner, head, after);
        } else {
            rows.putInt(before - 1, next, after);
        }
        if (after == 0) {
            owners.putInt(owner, tail, before);
        } else {
            rows.putInt(after - 1, previous, before);
        }
        rows.putInt(slot, next, 0);
        rows.putInt(slot, previous, 0);
    }
}

package io.millrace.kernel.filter;

import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.SlotTable;

/**
 * Intervals of longs, both ends included, found by what they overlap: a treap over the lower ends in which every row knows the greatest
 * upper end below it (Cormen et al., "Introduction to Algorithms", interval trees). The links lie in the rows of one table, the root in
 * a row of an owner. Expected cost of an addition or a removal: O(log n); of a search: O(log n) for each interval found.
 */
final class IntervalTree {
    private final SlotTable owners;
    private final int root;
    private final SlotTable rows;
    private final int low;
    private final int high;
    private final int max;
    private final int left;
    private final int right;
    private final int parent;

    /**
     * Describes the trees of one kind.
     *
     * @param fields offset of three longs: lower end, upper end, greatest upper end.
     * @param links offset of three ints: left, right and parent link.
     */
    IntervalTree(final SlotTable owners, final int root, final SlotTable rows, final int fields, final int links) {
        this.owners = owners;
        this.root = root;
        this.rows = rows;
        this.low = fields;
        this.high = fields + 8;
        this.max = fields + 16;
        this.left = links;
        this.right = links + 4;
        this.parent = links + 8;
    }

    /** Adds a row whose ends are set. */
    void add(final int owner, final int slot) {
        final long value = rows.getLong(slot, low);
        final long end = rows.getLong(slot, high);
        rows.putLong(slot, max, end);
        rows.putInt(slot, left, 0);
        rows.putInt(slot, right, 0);
        int above = 0;
        int link = owners.getInt(owner, root);
        boolean isSmaller = false;
        while (link != 0) {
            above = link;
            rows.putLong(above - 1, max, Math.max(end, rows.getLong(above - 1, max)));
            isSmaller = value < rows.getLong(link - 1, low);
            link = rows.getInt(link - 1, isSmaller ? left : right);
        }
        rows.putInt(slot, parent, above);
        if (above == 0) {
            owners.putInt(owner, root, slot + 1);
            return;
        }
        rows.putInt(above - 1, isSmaller ? left : right, slot + 1);
        while (above != 0 && Long.compareUnsigned(priority(above - 1), priority(slot)) < 0) {
            rotateUp(owner, slot, above - 1);
            above = rows.getInt(slot, parent);
        }
    }

    /** Takes a row out. */
    void remove(final int owner, final int slot) {
        int leftLink = rows.getInt(slot, left);
        int rightLink = rows.getInt(slot, right);
        while (leftLink != 0 && rightLink != 0) {
            final boolean leftRises = Long.compareUnsigned(priority(leftLink - 1), priority(rightLink - 1)) > 0;
            rotateUp(owner, (leftRises ? leftLink : rightLink) - 1, slot);
            leftLink = rows.getInt(slot, left);
            rightLink = rows.getInt(slot, right);
        }
        int above = rows.getInt(slot, parent);
        replaceChild(owner, above, slot + 1, leftLink != 0 ? leftLink : rightLink);
        for (; above != 0; above = rows.getInt(above - 1, parent)) {
            updateMax(above - 1);
        }
    }

    /** The first row, in the order of lower ends, that overlaps an interval; -1 if none does. */
    int first(final int owner, final long from, final long to) {
        return search(owners.getInt(owner, root), 0, from, to);
    }

    /** The next one behind a row that was found. */
    int next(final int slot, final long from, final long to) {
        final int rightLink = rows.getInt(slot, right);
        return rightLink != 0
                ? search(rightLink, slot + 1, from, to)
                : search(rows.getInt(slot, parent), slot + 1, from, to);
    }

    /** Goes on through the tree in order, from a row that was entered from another: its parent, or a child that is done with. */
    private int search(final int start, final int origin, final long from, final long to) {
        int link = start;
        int came = origin;
        while (link != 0) {
            final int slot = link - 1;
            final boolean isFromAbove = came == rows.getInt(slot, parent);
            if (isFromAbove && rows.getLong(slot, max) >= from && rows.getInt(slot, left) != 0) {
                came = link;
                link = rows.getInt(slot, left);
                continue;
            }
            final boolean isOver = isFromAbove
                    ? rows.getLong(slot, max) < from
                    : came == rows.getInt(slot, right) && came != rows.getInt(slot, left);
            if (!isOver && rows.getLong(slot, low) <= to) {
                if (rows.getLong(slot, high) >= from) {
                    return slot;
                }
                if (rows.getInt(slot, right) != 0) {
                    came = link;
                    link = rows.getInt(slot, right);
                    continue;
                }
            }
            came = link;
            link = rows.getInt(slot, parent);
        }
        return -1;
    }

    private void rotateUp(final int owner, final int child, final int above) {
        final boolean isLeft = rows.getInt(above, left) == child + 1;
        final int near = isLeft ? left : right;
        final int far = isLeft ? right : left;
        final int moved = rows.getInt(child, far);
        rows.putInt(above, near, moved);
        if (moved != 0) {
            rows.putInt(moved - 1, parent, above + 1);
        }
        replaceChild(owner, rows.getInt(above, parent), above + 1, child + 1);
        rows.putInt(child, far, above + 1);
        rows.putInt(above, parent, child + 1);
        updateMax(above);
        updateMax(child);
    }

    private void replaceChild(final int owner, final int above, final int oldChild, final int newChild) {
        if (above == 0) {
            owners.putInt(owner, root, newChild);
        } else {
            rows.putInt(above - 1, rows.getInt(above - 1, left) == oldChild ? left : right, newChild);
        }
        if (newChild != 0) {
            rows.putInt(newChild - 1, parent, above);
        }
    }

    private void updateMax(final int slot) {
        long greatest = rows.getLong(slot, high);
        final int leftLink = rows.getInt(slot, left);
        final int rightLink = rows.getInt(slot, right);
        if (leftLink != 0) {
            greatest = Math.max(greatest, rows.getLong(leftLink - 1, max));
        }
        if (rightLink != 0) {
            greatest = Math.max(greatest, rows.getLong(rightLink - 1, max));
        }
        rows.putLong(slot, max, greatest);
    }

    private static long priority(final int slot) {
        return Hashing.mix(slot + 1L);
    }
}

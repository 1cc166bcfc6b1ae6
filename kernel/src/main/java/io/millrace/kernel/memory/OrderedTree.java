package io.millrace.kernel.memory;

/**
 * A set of rows of one table in the order of an unsigned key of 64 or 128 bits: a treap (Seidel and Aragon, "Randomized search trees", 1996) whose
 * links lie in the rows and whose root lies in a row of an owner table. Expected cost of every operation: O(log n).
 *
 * <p>Priorities are mixed from an identity that clients cannot choose, so the shape is the same on every machine and no order of
 * insertions makes the tree deep.
 */
public final class OrderedTree {
    private final SlotTable owners;
    private final int root;
    private final SlotTable rows;
    private final int key;
    private final int keyLow;
    private final int identity;
    private final int left;
    private final int right;
    private final int parent;

    /**
     * Describes the trees of one kind.
     *
     * @param owners table that holds the roots.
     * @param root offset of the root's link in an owner's row.
     * @param rows table whose rows are linked.
     * @param key offset of the key, distinct within a tree.
     * @param identity offset of the long that the priority is mixed from.
     * @param links offset of three ints: left, right and parent link.
     */
    public OrderedTree(
            final SlotTable owners,
            final int root,
            final SlotTable rows,
            final int key,
            final int identity,
            final int links) {
        this(owners, root, rows, key, key, identity, links);
    }

    /**
     * Describes the trees of one kind, with keys of 128 bits.
     *
     * @param owners table that holds the roots.
     * @param root offset of the root's link in an owner's row.
     * @param rows table whose rows are linked.
     * @param key offset of the upper half of the key, which is distinct within a tree.
     * @param keyLow offset of the lower half.
     * @param identity offset of the long that the priority is mixed from.
     * @param links offset of three ints: left, right and parent link.
     */
    public OrderedTree(
            final SlotTable owners,
            final int root,
            final SlotTable rows,
            final int key,
            final int keyLow,
            final int identity,
            final int links) {
        this.owners = owners;
        this.root = root;
        this.rows = rows;
        this.key = key;
        this.keyLow = keyLow;
        this.identity = identity;
        this.left = links;
        this.right = links + 4;
        this.parent = links + 8;
    }

    /**
     * The row with the smallest key.
     *
     * @param owner of the tree.
     * @return its slot, -1 if the tree is empty.
     */
    public int first(final int owner) {
        int link = owners.getInt(owner, root);
        if (link != 0) {
            for (int child = rows.getInt(link - 1, left); child != 0; child = rows.getInt(link - 1, left)) {
                link = child;
            }
        }
        return link - 1;
    }

    /**
     * The row with the greatest key.
     *
     * @param owner of the tree.
     * @return its slot, -1 if the tree is empty.
     */
    public int last(final int owner) {
        int link = owners.getInt(owner, root);
        if (link != 0) {
            for (int child = rows.getInt(link - 1, right); child != 0; child = rows.getInt(link - 1, right)) {
                link = child;
            }
        }
        return link - 1;
    }

    /**
     * The row behind another one.
     *
     * @param slot of a row in a tree.
     * @return its slot, -1 if there is none.
     */
    public int next(final int slot) {
        int link = rows.getInt(slot, right);
        if (link != 0) {
            for (int child = rows.getInt(link - 1, left); child != 0; child = rows.getInt(link - 1, left)) {
                link = child;
            }
            return link - 1;
        }
        int below = slot + 1;
        link = rows.getInt(slot, parent);
        while (link != 0 && rows.getInt(link - 1, right) == below) {
            below = link;
            link = rows.getInt(link - 1, parent);
        }
        return link - 1;
    }

    /**
     * The row with the greatest key that is not greater than a given one.
     *
     * @param owner of the tree.
     * @param high upper half of the given key, or the whole of 64 bits.
     * @param low lower half; the key again if it has 64 bits.
     * @return its slot, -1 if there is none.
     */
    public int floor(final int owner, final long high, final long low) {
        int found = 0;
        int link = owners.getInt(owner, root);
        while (link != 0) {
            if (isBefore(high, low, link - 1)) {
                link = rows.getInt(link - 1, left);
            } else {
                found = link;
                link = rows.getInt(link - 1, right);
            }
        }
        return found - 1;
    }

    private boolean isBefore(final long high, final long low, final int slot) {
        final long other = rows.getLong(slot, key);
        return high == other
                ? Long.compareUnsigned(low, rows.getLong(slot, keyLow)) < 0
                : Long.compareUnsigned(high, other) < 0;
    }

    /**
     * Adds a row.
     *
     * @param owner of the tree.
     * @param slot of the row, in no tree.
     */
    public void add(final int owner, final int slot) {
        final long high = rows.getLong(slot, key);
        final long low = rows.getLong(slot, keyLow);
        rows.putInt(slot, left, 0);
        rows.putInt(slot, right, 0);
        int above = 0;
        int link = owners.getInt(owner, root);
        boolean smaller = false;
        while (link != 0) {
            above = link;
            smaller = isBefore(high, low, link - 1);
            link = rows.getInt(link - 1, smaller ? left : right);
        }
        rows.putInt(slot, parent, above);
        if (above == 0) {
            owners.putInt(owner, root, slot + 1);
        } else {
            rows.putInt(above - 1, smaller ? left : right, slot + 1);
            rise(owner, slot);
        }
    }

    /** Rotates the row up until its parent has the higher priority. */
    private void rise(final int owner, final int slot) {
        final long priority = priority(slot);
        int above = rows.getInt(slot, parent);
        while (above != 0 && Long.compareUnsigned(priority(above - 1), priority) < 0) {
            rotateUp(owner, slot, above - 1);
            above = rows.getInt(slot, parent);
        }
    }

    /**
     * Takes a row out.
     *
     * @param owner of the tree.
     * @param slot of the row, in the tree.
     */
    public void remove(final int owner, final int slot) {
        int leftLink = rows.getInt(slot, left);
        int rightLink = rows.getInt(slot, right);
        // Rotate the row down until one side is empty, then let the other side take its place.
        while (leftLink != 0 && rightLink != 0) {
            final boolean leftRises = Long.compareUnsigned(priority(leftLink - 1), priority(rightLink - 1)) > 0;
            rotateUp(owner, (leftRises ? leftLink : rightLink) - 1, slot);
            leftLink = rows.getInt(slot, left);
            rightLink = rows.getInt(slot, right);
        }
        final int child = leftLink != 0 ? leftLink : rightLink;
        replaceChild(owner, rows.getInt(slot, parent), slot + 1, child);
        rows.putInt(slot, left, 0);
        rows.putInt(slot, right, 0);
        rows.putInt(slot, parent, 0);
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

    private long priority(final int slot) {
        return Hashing.mix(rows.getLong(slot, identity));
    }
}

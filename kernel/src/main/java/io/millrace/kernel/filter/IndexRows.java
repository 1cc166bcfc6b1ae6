package io.millrace.kernel.filter;

import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.SlotTable;

/**
 * The rows of an index: paths that are asked for, terms under them, and the postings of subscriptions.
 *
 * <p>All of it is derived from the subscriptions: rows are never sealed, and a snapshot does not hold them.
 */
final class IndexRows {
    private static final int HASH = 16;
    private static final int CHAIN = 24;
    /** The match that looked at a row last. */
    private static final int STAMP = 32;

    private static final int TERM_LENGTH = 64;
    private static final int TERM_COUNT = 28;
    private static final int TERM_HEAD = 40;
    private static final int TERM_TAIL = 44;

    private static final int PATH_LENGTH = 128;
    private static final int PATH_COUNT = 28;
    private static final int PATH_PREFIXES = 40;
    private static final int PATH_SUFFIXES = 48;
    private static final int PATH_FOLDED = 56;
    private static final int PATH_RANGES = 60;
    private static final int PATH_ROOT = 64;
    private static final int PATH_LOWEST = 72;
    private static final int PATH_HIGHEST = 80;

    private static final int POSTING_LENGTH = 128;
    private static final int POSTING_INTERVAL = 16;
    private static final int POSTING_LINKS = 40;
    private static final int POSTING_TERM = 52;
    private static final int POSTING_NEXT = 56;
    private static final int POSTING_PREVIOUS = 60;
    private static final int POSTING_SUBSCRIPTION = 64;
    private static final int POSTING_CHAIN = 68;
    private static final int POSTING_PATH = 72;
    private static final int POSTING_KIND = 76;
    private static final int POSTING_AFFIX = 80;

    private final SlotTable terms = new SlotTable(1, TERM_LENGTH, HASH);
    private final SlotTable paths = new SlotTable(2, PATH_LENGTH, HASH);
    private final SlotTable postings = new SlotTable(3, POSTING_LENGTH, HASH);
    private final HashIndex termIndex = new HashIndex(terms, CHAIN, slot -> terms.getLong(slot, HASH));
    private final HashIndex pathIndex = new HashIndex(paths, CHAIN, slot -> paths.getLong(slot, HASH));
    private final IntrusiveList members =
            new IntrusiveList(terms, TERM_HEAD, TERM_TAIL, postings, POSTING_NEXT, POSTING_PREVIOUS);
    private final IntervalTree ranges = new IntervalTree(paths, PATH_ROOT, postings, POSTING_INTERVAL, POSTING_LINKS);

    int term(final long hash) {
        return find(termIndex, terms, hash);
    }

    int path(final long hash) {
        return find(pathIndex, paths, hash);
    }

    private static int find(final HashIndex index, final SlotTable table, final long hash) {
        int slot = index.first(hash);
        while (slot >= 0 && table.getLong(slot, HASH) != hash) {
            slot = index.next(slot);
        }
        return slot;
    }

    /** {@return number of postings of a term} */
    int termCount(final long hash) {
        final int term = term(hash);
        return term < 0 ? 0 : terms.getInt(term, TERM_COUNT);
    }

    /** {@return number of ranges of a path} */
    int rangeCount(final long hash) {
        final int path = path(hash);
        return path < 0 ? 0 : paths.getInt(path, PATH_RANGES);
    }

    /** Whether a match sees a term for the first time. */
    boolean isNewTerm(final int term, final long match) {
        final boolean isNew = terms.getLong(term, STAMP) != match;
        terms.putLong(term, STAMP, match);
        return isNew;
    }

    boolean isNewPath(final int path, final long match) {
        final boolean isNew = paths.getLong(path, STAMP) != match;
        paths.putLong(path, STAMP, match);
        return isNew;
    }

    int firstPosting(final int term) {
        return members.first(term);
    }

    int nextPosting(final int posting) {
        return members.next(posting);
    }

    int subscription(final int posting) {
        return postings.getInt(posting, POSTING_SUBSCRIPTION);
    }

    /** {@return the next posting of the same subscription, as a link} */
    int chain(final int posting) {
        return postings.getInt(posting, POSTING_CHAIN);
    }

    /** {@return lengths of the prefixes that a path has, a bit for each} */
    long prefixes(final int path) {
        return paths.getLong(path, PATH_PREFIXES);
    }

    long suffixes(final int path) {
        return paths.getLong(path, PATH_SUFFIXES);
    }

    boolean hasFolded(final int path) {
        return paths.getInt(path, PATH_FOLDED) > 0;
    }

    boolean hasRanges(final int path) {
        return paths.getInt(path, PATH_RANGES) > 0;
    }

    /** Forgets the numbers of earlier matches. */
    void clearNumbers(final int path) {
        paths.putLong(path, PATH_LOWEST, Long.MAX_VALUE);
        paths.putLong(path, PATH_HIGHEST, Long.MIN_VALUE);
    }

    void addNumber(final int path, final long sortKey) {
        paths.putLong(path, PATH_LOWEST, Math.min(sortKey, paths.getLong(path, PATH_LOWEST)));
        paths.putLong(path, PATH_HIGHEST, Math.max(sortKey, paths.getLong(path, PATH_HIGHEST)));
    }

    /** The first range of a path that overlaps the numbers found. */
    int firstRange(final int path) {
        final long lowest = paths.getLong(path, PATH_LOWEST);
        final long highest = paths.getLong(path, PATH_HIGHEST);
        return lowest > highest ? -1 : ranges.first(path, lowest, highest);
    }

    int nextRange(final int path, final int posting) {
        return ranges.next(posting, paths.getLong(path, PATH_LOWEST), paths.getLong(path, PATH_HIGHEST));
    }

    /** Whether a posting is one under a term. */
    boolean isPosted(final int posting, final IndexTerm term) {
        return term.kind() != TermHash.RANGE
                && postings.getInt(posting, POSTING_KIND) == term.kind()
                && terms.getLong(postings.getInt(posting, POSTING_TERM), HASH) == term.hash();
    }

    /** Posts a subscription under a term; returns the posting, which is linked in front of a chain. */
    int post(final IndexTerm term, final long pathHash, final int subscription, final int chain) {
        final int path = acquirePath(pathHash);
        final int posting = postings.allocate();
        postings.putInt(posting, POSTING_SUBSCRIPTION, subscription);
        postings.putInt(posting, POSTING_CHAIN, chain);
        postings.putInt(posting, POSTING_PATH, path);
        postings.putInt(posting, POSTING_KIND, term.kind());
        postings.putInt(posting, POSTING_AFFIX, term.length());
        if (term.kind() == TermHash.RANGE) {
            postings.putLong(posting, POSTING_INTERVAL, term.low());
            postings.putLong(posting, POSTING_INTERVAL + Long.BYTES, term.high());
            ranges.add(path, posting);
            add(paths, path, PATH_RANGES, 1);
            return posting;
        }
        final int row = acquireTerm(term.hash());
        postings.putInt(posting, POSTING_TERM, row);
        members.addLast(row, posting);
        if (term.kind() == TermHash.FOLDED) {
            add(paths, path, PATH_FOLDED, 1);
        } else if (term.length() > 0) {
            acquireTerm(affixHash(pathHash, term.kind(), term.length()));
            setAffix(path, term.kind(), term.length(), true);
        }
        return posting;
    }

    /** Takes a posting out and returns the rest of its chain. */
    int withdraw(final int posting) {
        final int chain = chain(posting);
        final int path = postings.getInt(posting, POSTING_PATH);
        final int kind = postings.getInt(posting, POSTING_KIND);
        final int affix = postings.getInt(posting, POSTING_AFFIX);
        if (kind == TermHash.RANGE) {
            ranges.remove(path, posting);
            add(paths, path, PATH_RANGES, -1);
        } else {
            final int term = postings.getInt(posting, POSTING_TERM);
            members.remove(term, posting);
            releaseTerm(term);
            if (kind == TermHash.FOLDED) {
                add(paths, path, PATH_FOLDED, -1);
            } else if (affix > 0 && releaseTerm(term(affixHash(paths.getLong(path, HASH), kind, affix)))) {
                setAffix(path, kind, affix, false);
            }
        }
        postings.free(posting);
        releasePath(path);
        return chain;
    }

    private static long affixHash(final long path, final int kind, final int length) {
        return TermHash.step(
                TermHash.values(path, kind == TermHash.PREFIX ? TermHash.PREFIX_LENGTH : TermHash.SUFFIX_LENGTH),
                length);
    }

    private void setAffix(final int path, final int kind, final int length, final boolean isThere) {
        final int field = kind == TermHash.PREFIX ? PATH_PREFIXES : PATH_SUFFIXES;
        final long bit = 1L << (length - 1);
        final long mask = paths.getLong(path, field);
        paths.putLong(path, field, isThere ? mask | bit : mask & ~bit);
    }

    /** Counts one more user of a path. */
    int acquirePath(final long hash) {
        int path = path(hash);
        if (path < 0) {
            path = paths.allocate();
            paths.putLong(path, HASH, hash);
            pathIndex.add(path);
        }
        add(paths, path, PATH_COUNT, 1);
        return path;
    }

    void releasePath(final int path) {
        if (add(paths, path, PATH_COUNT, -1) == 0) {
            pathIndex.remove(path);
            paths.free(path);
        }
    }

    private int acquireTerm(final long hash) {
        int term = term(hash);
        if (term < 0) {
            term = terms.allocate();
            terms.putLong(term, HASH, hash);
            termIndex.add(term);
        }
        add(terms, term, TERM_COUNT, 1);
        return term;
    }

    /** Returns whether it was the last of the term. */
    private boolean releaseTerm(final int term) {
        if (add(terms, term, TERM_COUNT, -1) > 0) {
            return false;
        }
        termIndex.remove(term);
        terms.free(term);
        return true;
    }

    private static int add(final SlotTable table, final int slot, final int field, final int change) {
        final int sum = table.getInt(slot, field) + change;
        table.putInt(slot, field, sum);
        return sum;
    }

    /** {@return rows of paths, terms and postings that are in use} */
    int rowCount() {
        return paths.liveCount() + terms.liveCount() + postings.liveCount();
    }

    /** {@return bytes reserved} */
    long reservedBytes() {
        return terms.rowBytes()
                + paths.rowBytes()
                + postings.rowBytes()
                + termIndex.reservedBytes()
                + pathIndex.reservedBytes();
    }
}

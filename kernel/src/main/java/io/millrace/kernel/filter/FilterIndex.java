package io.millrace.kernel.filter;

import io.millrace.kernel.memory.ChunkedMemory;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * Finds the subscriptions of a topic whose filters a message passes, at a cost that follows the number of those that it may pass.
 *
 * <p>Of each conjunction of a policy one key is indexed: the one whose terms the fewest others are found by. A message is looked up by
 * its values: equal ones, prefixes and suffixes by hash, ranges of numbers in a tree. What only says that a key is there is found by
 * every message that has the key, and what only says that it is not by every message. Each subscription found is then judged by its
 * program.
 *
 * <p>Derived state: a function of the subscriptions as far as what it answers goes, though not in its memory, so it is part of
 * neither the state hash nor a snapshot. It grows in chunks and allocates nothing else.
 */
public final class FilterIndex {
    /** What an index asks of subscriptions. */
    public interface Programs {
        /**
         * What it is told by.
         *
         * @param subscription its number in the index.
         * @return its id.
         */
        long id(int subscription);

        /**
         * The buffer of a program.
         *
         * @param subscription whose program it is.
         * @return the buffer.
         */
        DirectBuffer buffer(int subscription);

        /**
         * Where it begins.
         *
         * @param subscription whose program it is.
         * @return the offset in the buffer.
         */
        int offset(int subscription);
    }

    /** Of a subscription: its first posting, the match that judged it last, the hash of what its paths begin with. */
    private static final int SUBSCRIPTION_LENGTH = 32;

    private static final int STAMP = 8;
    private static final int PATHS = 16;

    private static final long ANY_COST = 1L << 40;
    private static final long ABSENT_COST = 1L << 50;
    /** Between keys that find as many others, one with exact values is better than one with prefixes, and that than one with ranges. */
    private static final int AFFIX_COST = 1;

    private static final int RANGE_COST = 2;
    /** About one of so many ranges of a path holds a number. */
    private static final int RANGE_SHARE = 16;

    private final LongSupplier seed;
    private final IndexRows rows = new IndexRows();
    private final IndexTerm term = new IndexTerm();
    private final FilterProgram program = new FilterProgram();
    private final FilterMatcher matcher = new FilterMatcher();
    private final Candidates candidates;
    private final ChunkedMemory subscriptions = new ChunkedMemory();
    private final SortedLongs matches = new SortedLongs();
    private long match;

    /**
     * An empty index.
     *
     * @param seed of the hashes, unknown to clients; must not change once a subscription is in the index.
     */
    public FilterIndex(final LongSupplier seed) {
        this.seed = seed;
        this.candidates = new Candidates(rows);
    }

    /**
     * Adds a subscription; it costs what its policy is long.
     *
     * @param topic that it is of.
     * @param subscription its number, not in the index; small numbers, as memory is reserved up to the greatest.
     * @param source that holds its program.
     * @param offset of the program.
     */
    public void add(final long topic, final int subscription, final DirectBuffer source, final int offset) {
        subscriptions.ensure((subscription + 1L) * SUBSCRIPTION_LENGTH);
        program.wrap(source, offset);
        final long paths = TermHash.paths(seed.getAsLong(), topic, program.scope());
        int chain = 0;
        int position = program.conjunctions();
        for (int i = program.conjunctionCount(); i > 0; i--) {
            final int keys = program.getShort(position);
            position += Short.BYTES;
            chain = postKey(selectKey(position, keys, paths), paths, subscription, chain);
            position += keys * Short.BYTES;
        }
        subscriptions.putInt(address(subscription), chain);
        subscriptions.putLong(address(subscription) + PATHS, paths);
        rows.acquirePath(paths);
    }

    /**
     * Takes a subscription out; it costs what its policy is long.
     *
     * @param subscription its number; nothing happens if it is not in the index.
     */
    public void remove(final int subscription) {
        if (contains(subscription)) {
            int chain = subscriptions.getInt(address(subscription));
            subscriptions.putInt(address(subscription), 0);
            rows.releasePath(rows.path(subscriptions.getLong(address(subscription) + PATHS)));
            while (chain != 0) {
                chain = rows.withdraw(chain - 1);
            }
        }
    }

    /**
     * Whether a subscription is in the index.
     *
     * @param subscription its number.
     * @return whether it is.
     */
    public boolean contains(final int subscription) {
        return address(subscription) < subscriptions.length() && subscriptions.getInt(address(subscription)) != 0;
    }

    /** The key of a conjunction with the least cost. */
    private int selectKey(final int conjunction, final int keys, final long paths) {
        int selected = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < keys; i++) {
            final int key = program.key(program.getShort(conjunction + Short.BYTES * i));
            final long cost = cost(key, pathOf(key, paths));
            if (cost < least) {
                least = cost;
                selected = key;
            }
        }
        return selected;
    }

    private long pathOf(final int key, final long paths) {
        return TermHash.steps(paths, program.buffer(), program.path(key), program.pathLength(key));
    }

    /** How many others are found by the terms of a key, about. */
    private long cost(final int key, final long path) {
        if (program.acceptsAbsence(key)) {
            return ABSENT_COST;
        }
        long cost = 0;
        int condition = program.firstCondition(key);
        for (int i = program.conditionCount(key); i > 0; i--) {
            term.wrap(program, condition, path);
            if (term.kind() == TermHash.ANY) {
                cost += ANY_COST;
            } else if (term.kind() == TermHash.RANGE) {
                cost += RANGE_COST + rows.rangeCount(path) / RANGE_SHARE;
            } else {
                cost += (term.length() > 0 ? AFFIX_COST : 0) + rows.termCount(term.hash());
            }
            condition = program.nextCondition(condition);
        }
        return cost;
    }

    private int postKey(final int key, final long paths, final int subscription, final int chain) {
        final long path = pathOf(key, paths);
        if (program.acceptsAbsence(key)) {
            return post(term.absent(paths), paths, subscription, chain);
        }
        int result = chain;
        int condition = program.firstCondition(key);
        for (int i = program.conditionCount(key); i > 0; i--) {
            result = post(term.wrap(program, condition, path), path, subscription, result);
            condition = program.nextCondition(condition);
        }
        return result;
    }

    /** Posts under a term unless the subscription is found by it already, through another conjunction. */
    private int post(final IndexTerm found, final long path, final int subscription, final int chain) {
        for (int link = chain; link != 0; link = rows.chain(link - 1)) {
            if (rows.isPosted(link - 1, found)) {
                return chain;
            }
        }
        return rows.post(found, path, subscription, chain) + 1;
    }

    /**
     * Finds the subscriptions of a topic that a message passes.
     *
     * @param topic that the message was published to.
     * @param message to judge.
     * @param programs of the subscriptions.
     * @return how many there are; {@link #matched} tells them until the next call.
     */
    public int match(final long topic, final FilterMessage message, final Programs programs) {
        match++;
        matches.clear();
        candidates.begin(match);
        final long secret = seed.getAsLong();
        find(message, TermHash.paths(secret, topic, FilterScope.ATTRIBUTES), FilterScope.ATTRIBUTES);
        find(message, TermHash.paths(secret, topic, FilterScope.BODY), FilterScope.BODY);
        judge(message, programs);
        matches.sort();
        return matches.size();
    }

    /** Scans a part of the message only if a filter of the topic is about it. */
    private void find(final FilterMessage message, final long paths, final FilterScope scope) {
        if (rows.path(paths) >= 0) {
            final JsonTape tape = message.tape(scope);
            if (tape != null) {
                candidates.find(tape, paths);
            }
        }
    }

    private void judge(final FilterMessage message, final Programs programs) {
        for (int i = 0; i < candidates.size(); i++) {
            final int subscription = candidates.get(i);
            final long stamp = address(subscription) + STAMP;
            if (subscriptions.getLong(stamp) != match) {
                subscriptions.putLong(stamp, match);
                if (matcher.matches(message, programs.buffer(subscription), programs.offset(subscription))) {
                    matches.add(programs.id(subscription));
                }
            }
        }
    }

    /**
     * A subscription that the last message passes.
     *
     * @param index from 0, in ascending order of ids.
     * @return its id.
     */
    public long matched(final int index) {
        return matches.get(index);
    }

    /**
     * Memory reserved.
     *
     * @return bytes.
     */
    public long reservedBytes() {
        return rows.reservedBytes() + subscriptions.length() + candidates.reservedBytes() + matches.reservedBytes();
    }

    /** {@return how many subscriptions the last message was judged for, those found twice counted twice} */
    int candidateCount() {
        return candidates.size();
    }

    int rowCount() {
        return rows.rowCount();
    }

    private static long address(final int subscription) {
        return (long) subscription * SUBSCRIPTION_LENGTH;
    }
}

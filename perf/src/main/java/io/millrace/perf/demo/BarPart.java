package io.millrace.perf.demo;

/**
 * The part of a bar that one reader of the tape saw in a row. A minute whose shard is split, or goes from one member of a group to
 * another, comes in several parts; sequence numbers of the stream say how they follow each other.
 */
final class BarPart {
    private static final int FIELDS = 9;

    private final long minute;
    private final long firstSequence;
    private long lastSequence;
    private long open;
    private long high = Long.MIN_VALUE;
    private long low = Long.MAX_VALUE;
    private long close;
    private long volume;
    private int trades;

    /**
     * Begins a part.
     *
     * @param minute        of its trades.
     * @param firstSequence number of its first record.
     */
    BarPart(final long minute, final long firstSequence) {
        this.minute = minute;
        this.firstSequence = firstSequence;
    }

    void add(final long price, final long amount, final long sequence) {
        open = trades == 0 ? price : open;
        high = Math.max(high, price);
        low = Math.min(low, price);
        close = price;
        volume += amount;
        trades++;
        lastSequence = sequence;
    }

    /** Adds the part that follows. */
    void add(final BarPart next) {
        high = Math.max(high, next.high);
        low = Math.min(low, next.low);
        close = next.close;
        volume += next.volume;
        trades += next.trades;
        lastSequence = next.lastSequence;
    }

    long minute() {
        return minute;
    }

    long firstSequence() {
        return firstSequence;
    }

    long lastSequence() {
        return lastSequence;
    }

    Bar toBar() {
        return new Bar(minute, open, high, low, close, volume, trades);
    }

    /** {@return a line that {@link #parse} reads} */
    String toLine() {
        return minute + "," + firstSequence + "," + lastSequence + "," + open + "," + high + "," + low + "," + close
                + "," + volume + "," + trades;
    }

    static BarPart parse(final String line) {
        final String[] fields = line.split(",");
        if (fields.length != FIELDS) {
            throw new IllegalStateException("This is no part of a bar: " + line);
        }
        final BarPart part = new BarPart(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
        part.lastSequence = Long.parseLong(fields[2]);
        part.open = Long.parseLong(fields[3]);
        part.high = Long.parseLong(fields[4]);
        part.low = Long.parseLong(fields[5]);
        part.close = Long.parseLong(fields[6]);
        part.volume = Long.parseLong(fields[7]);
        part.trades = Integer.parseInt(fields[8]);
        return part;
    }
}

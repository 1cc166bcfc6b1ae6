package io.millrace.kernel.memory;

/**
 * SipHash-2-4 of a fixed number of 64-bit words under a 128-bit key (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", 2012), the words taken as little-endian bytes.
 */
public final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /**
     * Hashes four words, 32 bytes.
     *
     * @param key0 first half of the key.
     * @param key1 second half of the key.
     * @param word0 first word.
     * @param word1 second word.
     * @param word2 third word.
     * @param word3 fourth word.
     * @return the tag.
     */
    public long hash(
            final long key0, final long key1, final long word0, final long word1, final long word2, final long word3) {
        v0 = 0x736f6d6570736575L ^ key0;
        v1 = 0x646f72616e646f6dL ^ key1;
        v2 = 0x6c7967656e657261L ^ key0;
        v3 = 0x7465646279746573L ^ key1;
        compress(word0);
        compress(word1);
        compress(word2);
        compress(word3);
        compress(32L << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void compress(final long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}

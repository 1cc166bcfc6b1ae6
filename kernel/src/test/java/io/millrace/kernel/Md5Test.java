package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Our MD5 is that of the JDK. */
class Md5Test {
    private static final int LONGEST = 1_024;

    @Test
    void shouldBeTheDigestThatJavaComputes() throws Exception {
        final MessageDigest reference = MessageDigest.getInstance("MD5");
        final Random random = new Random(7);
        final Md5 md5 = new Md5();
        for (int length = 0; length <= LONGEST; length++) {
            final byte[] bytes = new byte[length + 3];
            random.nextBytes(bytes);
            reference.update(bytes, 3, length);

            md5.digest(new UnsafeBuffer(bytes), 3, length);

            final BigInteger digest = StreamEventReader.unsigned(md5.high())
                    .shiftLeft(Long.SIZE)
                    .or(StreamEventReader.unsigned(md5.low()));
            assertEquals(new BigInteger(1, reference.digest()), digest, "of " + length + " bytes");
        }
    }
}

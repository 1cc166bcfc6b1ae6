package io.millrace.kernel.filter;

/**
 * Letters without their case: the pairs of the Latin, Greek, Cyrillic and Armenian alphabets that Unicode has had since its first
 * version. A table of our own, because that of the run time grows from one JDK to the next, and then the same log would give
 * different deliveries. Every other character is equal to itself alone.
 */
final class CaseFolding {
    private CaseFolding() {}

    /** The lower-case letter of a letter that has one here, else the code point itself. */
    static int fold(final int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint;
        }
        if (codePoint < 0x180) {
            return latin(codePoint);
        }
        if (codePoint >= 0x386 && codePoint <= 0x3AB) {
            return greek(codePoint);
        }
        if (codePoint >= 0x400 && codePoint <= 0x42F) {
            return codePoint + (codePoint < 0x410 ? 80 : 32);
        }
        final boolean isCyrillicPair =
                codePoint >= 0x460 && codePoint <= 0x481 || codePoint >= 0x490 && codePoint <= 0x4BF;
        if (isCyrillicPair) {
            return codePoint | 1;
        }
        return codePoint >= 0x531 && codePoint <= 0x556 ? codePoint + 48 : codePoint;
    }

    private static int latin(final int codePoint) {
        if (codePoint >= 0xC0 && codePoint <= 0xDE) {
            return codePoint == 0xD7 ? codePoint : codePoint + 32;
        }
        if (codePoint == 0x178) {
            return 0xFF;
        }
        final boolean isEvenUpper = codePoint >= 0x100 && codePoint <= 0x12F
                || codePoint >= 0x132 && codePoint <= 0x137
                || codePoint >= 0x14A && codePoint <= 0x177;
        if (isEvenUpper) {
            return codePoint | 1;
        }
        final boolean isOddUpper = codePoint >= 0x139 && codePoint <= 0x148 || codePoint >= 0x179 && codePoint <= 0x17E;
        return isOddUpper ? codePoint + (codePoint & 1) : codePoint;
    }

    private static int greek(final int codePoint) {
        if (codePoint >= 0x391 && codePoint != 0x3A2) {
            return codePoint + 32;
        }
        switch (codePoint) {
            case 0x386:
                return 0x3AC;
            case 0x388:
            case 0x389:
            case 0x38A:
                return codePoint + 37;
            case 0x38C:
                return 0x3CC;
            case 0x38E:
            case 0x38F:
                return codePoint + 63;
            default:
                return codePoint;
        }
    }
}

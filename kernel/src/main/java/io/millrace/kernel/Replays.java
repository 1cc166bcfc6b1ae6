package io.millrace.kernel;

import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.ReplayPartDecoder;

/** Replays of archived messages. None is ever begun as long as topics have no archive, and what comes for another has no effect. */
final class Replays {
    void onMessages(final ReplayMessagesDecoder messages) {
        messages.sbeRewind();
    }

    void onPart(final ReplayPartDecoder part) {
        part.sbeRewind();
    }

    void onFailed(final long replayId) {
        assert replayId != 0;
    }
}

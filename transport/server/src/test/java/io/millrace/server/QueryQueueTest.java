package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.DescribeQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.kernel.Egress;
import io.millrace.kernel.Kernel;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class QueryQueueTest {

    @Test
    void shouldNotRepeatAQueryThatTheKernelFailedOn() {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final DescribeQueueEncoder query = new DescribeQueueEncoder().wrapAndApplyHeader(frame, 0, header);
        query.query().sessionId(1).correlationId(1);
        query.queueId(7);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + query.encodedLength();
        header.messageLength(length);
        final Kernel kernel = new Kernel(new BrokenEgress());
        final QueryQueue queue = new QueryQueue();
        assertTrue(queue.append(1, frame, 0, length));

        assertThrows(UnsupportedOperationException.class, () -> queue.drain(0, kernel));

        assertEquals(0, queue.drain(0, kernel));
    }

    private static final class BrokenEgress implements Egress {

        @Override
        public int claim(final long sessionId, final int length) {
            throw new UnsupportedOperationException("no room, ever");
        }

        @Override
        public MutableDirectBuffer buffer() {
            throw new UnsupportedOperationException("no buffer");
        }

        @Override
        public void commit() {
            throw new UnsupportedOperationException("nothing to commit");
        }
    }
}

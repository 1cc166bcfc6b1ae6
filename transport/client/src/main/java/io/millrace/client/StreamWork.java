package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import org.agrona.DirectBuffer;

/** The producers, readers and group members of streams that a client has: what they send with each poll, and whose an answer is. */
final class StreamWork {
    private final ArrayList<StreamProducer> producers = new ArrayList<>();
    private final ArrayList<PullReader> readers = new ArrayList<>();
    private final ArrayList<PushReader> pushReaders = new ArrayList<>();
    private final ArrayList<GroupMember> members = new ArrayList<>();

    void add(final StreamProducer producer) {
        producers.add(producer);
    }

    void add(final PullReader reader) {
        readers.add(reader);
    }

    void add(final PushReader reader) {
        pushReaders.add(reader);
    }

    void add(final GroupMember member) {
        members.add(member);
    }

    /** Sends what there is to send, and forgets who has ended. @return frames sent and records handed over */
    int flush() {
        // Before the readers, which are to wait in a new session until their member has its shards again.
        int work = flushMembers();
        for (int i = producers.size() - 1; i >= 0; i--) {
            work += producers.get(i).flush();
            if (producers.get(i).isOver()) {
                producers.remove(i);
            }
        }
        for (int i = readers.size() - 1; i >= 0; i--) {
            work += readers.get(i).advance();
            if (readers.get(i).isOver()) {
                readers.remove(i);
            }
        }
        return work + flushPushReaders();
    }

    private int flushPushReaders() {
        int work = 0;
        for (int i = pushReaders.size() - 1; i >= 0; i--) {
            work += pushReaders.get(i).advance();
            if (pushReaders.get(i).isOver()) {
                pushReaders.remove(i);
            }
        }
        return work;
    }

    private int flushMembers() {
        int work = 0;
        for (int i = members.size() - 1; i >= 0; i--) {
            work += members.get(i).advance();
            if (members.get(i).isEnded()) {
                members.remove(i);
            }
        }
        return work;
    }

    /** @return whether records or checkpoints wait to be stored, or members to leave. */
    boolean hasUnanswered() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).hasUnanswered()) {
                return true;
            }
        }
        for (int i = 0; i < producers.size(); i++) {
            if (producers.get(i).pending() > 0) {
                return true;
            }
        }
        return false;
    }

    /** @return the producer whose frame an answer is about, or null. */
    StreamProducer producer(final long correlationId) {
        for (int i = 0; i < producers.size(); i++) {
            if (producers.get(i).owns(correlationId)) {
                return producers.get(i);
            }
        }
        return null;
    }

    /** @return the reader whose request an answer is about, or null. */
    PullReader reader(final long correlationId) {
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).owns(correlationId)) {
                return readers.get(i);
            }
        }
        return null;
    }

    /** @return the reader that a subscription is of, or null. */
    PushReader pushReader(final long correlationId) {
        for (int i = 0; i < pushReaders.size(); i++) {
            if (pushReaders.get(i).owns(correlationId)) {
                return pushReaders.get(i);
            }
        }
        return null;
    }

    /** Hands a record to the reader that it is for, if there is one. */
    void takesRecord(
            final long correlationId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        final PullReader reader = reader(correlationId);
        if (reader != null) {
            reader.onRecord(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
            return;
        }
        final PushReader pushed = pushReader(correlationId);
        if (pushed != null) {
            pushed.onRecord(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
        }
    }

    /** Tells the reader that it is for of a record that comes in parts, if there is one. */
    void takesRecordBegin(
            final long correlationId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataLength) {
        final PullReader reader = reader(correlationId);
        if (reader != null) {
            reader.onRecordBegin(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataLength);
            return;
        }
        final PushReader pushed = pushReader(correlationId);
        if (pushed != null) {
            pushed.onRecordBegin(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataLength);
        }
    }

    /** @return false if this is not the part that comes next. */
    boolean takesRecordChunk(
            final long correlationId,
            final long dataOffset,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final PullReader reader = reader(correlationId);
        if (reader != null) {
            return reader.onRecordChunk(dataOffset, buffer, offset, length);
        }
        final PushReader pushed = pushReader(correlationId);
        return pushed == null || pushed.onRecordChunk(dataOffset, buffer, offset, length);
    }

    /** @return the reader whose command an answer is about, or null. */
    private PushReader pushReaderOf(final long correlationId) {
        for (int i = 0; i < pushReaders.size(); i++) {
            if (pushReaders.get(i).awaited() == correlationId && correlationId != 0) {
                return pushReaders.get(i);
            }
        }
        return null;
    }

    /** @return the member whose command an answer is about, or null. */
    GroupMember memberOf(final long correlationId) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).awaited() == correlationId && correlationId != 0) {
                return members.get(i);
            }
        }
        return null;
    }

    /** @return the member that the server speaks of, or null. */
    GroupMember member(final long groupId, final long memberId) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).is(groupId, memberId)) {
                return members.get(i);
            }
        }
        return null;
    }

    /** @return whether some of the confirmed commands were members' or readers'. */
    boolean takesConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        boolean isTaken = false;
        for (int i = 0; i < members.size(); i++) {
            final long awaited = members.get(i).awaited();
            if (awaited != 0 && awaited >= from && awaited <= to) {
                members.get(i).onConfirmed(firstValue + (awaited - from) * valuesPerCommand);
                isTaken = true;
            }
        }
        for (int i = 0; i < pushReaders.size(); i++) {
            final long awaited = pushReaders.get(i).awaited();
            if (awaited != 0 && awaited >= from && awaited <= to) {
                pushReaders.get(i).onConfirmed(firstValue + (awaited - from) * valuesPerCommand);
                isTaken = true;
            }
        }
        return isTaken;
    }

    /** @return whether the refused request was a producer's, member's or reader's. */
    boolean takesRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final StreamProducer producer = producer(correlationId);
        if (producer != null) {
            producer.onFrameRefused(entryIndex, code, limitId, limit, actual);
            return true;
        }
        final GroupMember member = memberOf(correlationId);
        if (member != null) {
            member.onRefused(code, limitId, limit, actual);
            return true;
        }
        final PullReader reader = reader(correlationId);
        if (reader != null) {
            reader.onRefused(code, limitId, limit, actual);
            return true;
        }
        final PushReader pushed = pushReaderOf(correlationId);
        if (pushed != null) {
            pushed.onRefused(code, limitId, limit, actual);
        }
        return pushed != null;
    }
}

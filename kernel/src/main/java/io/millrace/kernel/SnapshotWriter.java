package io.millrace.kernel;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PayloadBytesEncoder;
import io.millrace.codecs.SlotAllocatorEncoder;
import io.millrace.codecs.SnapshotBeginEncoder;
import io.millrace.codecs.SnapshotEndEncoder;
import io.millrace.codecs.TableRowEncoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes all tables, each as its allocator and its rows. A row's record holds exactly the bytes that the state hash covers, so
 * that whatever a later feature adds to a table is hashed, written and restored without further code.
 */
final class SnapshotWriter {
    static final int FORMAT_VERSION = 1;

    private static final int PART_LENGTH = 32 * 1024;
    private static final int FREE_SLOTS_IN_RECORD = 1000;

    private final State state;
    private final SnapshotSink sink;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[PART_LENGTH + 1024]);
    private final UnsafeBuffer fields = new UnsafeBuffer(new byte[1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SlotAllocatorEncoder slotAllocator = new SlotAllocatorEncoder();
    private final TableRowEncoder tableRow = new TableRowEncoder();
    private final PayloadBytesEncoder payloadBytes = new PayloadBytesEncoder();
    private long recordCount;

    SnapshotWriter(final State state, final SnapshotSink sink) {
        this.state = state;
        this.sink = sink;
    }

    void write(final long logPosition, final long bootEpoch) {
        emit(new SnapshotBeginEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .logPosition(logPosition)
                .timestampNs(state.nowNs)
                .stateHash(state.hash())
                .bootEpoch(bootEpoch)
                .kernelVersion(Kernel.VERSION)
                .formatVersion(FORMAT_VERSION)
                .encodedLength());
        for (final SlotTable table : state.tables) {
            writeAllocator(table);
            if (table == state.messages) {
                writeMessages();
            } else {
                writeRows(table);
            }
        }
        emit(new SnapshotEndEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .recordCount(recordCount)
                .stateHash(state.hash())
                .encodedLength());
    }

    private void writeAllocator(final SlotTable table) {
        final int[] free = table.freeSlots();
        int from = 0;
        do {
            final int count = Math.min(FREE_SLOTS_IN_RECORD, free.length - from);
            slotAllocator
                    .wrapAndApplyHeader(buffer, 0, header)
                    .tableId(table.tableId())
                    .highWater(table.highWater());
            final SlotAllocatorEncoder.FreeSlotsEncoder group = slotAllocator.freeSlotsCount(count);
            for (int i = from; i < from + count; i++) {
                group.next()
                        .slot(Integer.toUnsignedLong(free[i]))
                        .generation(Integer.toUnsignedLong(table.generation(free[i])));
            }
            emit(slotAllocator.encodedLength());
            from += count;
        } while (from < free.length);
    }

    private void writeRows(final SlotTable table) {
        for (int slot = 0; slot < table.highWater(); slot++) {
            if (table.isLive(slot)) {
                writeRow(table, slot);
                if (table == state.payloads) {
                    writeBytes(slot);
                }
            }
        }
    }

    /** The messages of a queue, and of a grave, come in the order of their arrival. */
    private void writeMessages() {
        for (int queue = 0; queue < state.queues.highWater(); queue++) {
            if (state.queues.isLive(queue)) {
                writeMessages(state.arrivals.first(queue));
            }
        }
        for (int grave = 0; grave < state.graves.highWater(); grave++) {
            if (state.graves.isLive(grave)) {
                writeMessages(state.buried.first(grave));
            }
        }
    }

    private void writeMessages(final int first) {
        for (int message = first; message >= 0; message = state.messages.getInt(message, Message.ARRIVAL_NEXT) - 1) {
            writeRow(state.messages, message);
        }
    }

    private void writeRow(final SlotTable table, final int slot) {
        final int length = table.copyLogical(slot, fields, 0);
        emit(tableRow.wrapAndApplyHeader(buffer, 0, header)
                .tableId(table.tableId())
                .slot(Integer.toUnsignedLong(slot))
                .generation(Integer.toUnsignedLong(table.generation(slot)))
                .status(table.status(slot))
                .putFields(fields, 0, length)
                .encodedLength());
    }

    private void writeBytes(final int payload) {
        final int filled = state.payloads.filled(payload);
        for (int from = 0; from < filled; from += PART_LENGTH) {
            final int length = Math.min(PART_LENGTH, filled - from);
            emit(payloadBytes
                    .wrapAndApplyHeader(buffer, 0, header)
                    .slot(Integer.toUnsignedLong(payload))
                    .payloadOffset(from)
                    .putBytes(state.payloads.buffer(payload), state.payloads.offset(payload) + from, length)
                    .encodedLength());
        }
    }

    private void emit(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.messageLength(length).frameSequence(0);
        sink.onRecord(buffer, 0, length);
        recordCount++;
    }
}

package io.millrace.kernel;

/**
 * The layouts of the tables of what a queue keeps besides its messages, in the way of {@link Tables}.
 */
final class QueueTables {
    private QueueTables() {}

    /** Deduplication ids of FIFO queues, in the order in which they came. */
    static final class Deduplication {
        static final int TABLE = 13;
        static final int ROW_LENGTH = 128;

        /** The queue, or the topic under its negative id. */
        static final int OWNER_ID = 16;

        static final int EPOCH = 24;
        static final int TIME = 32;
        static final int MESSAGE_ID = 40;
        static final int SEQUENCE = 48;
        static final int TURN = 56;
        /** Of the id, and of the group where the id is unique in it: 32 bytes. */
        static final int DIGEST = 64;

        static final int LOGICAL_END = 96;

        static final int ROOT_NEXT = 96;
        static final int ROOT_PREVIOUS = 100;
        static final int KEY_CHAIN = 104;

        private Deduplication() {}
    }

    /** Receive attempts of FIFO queues, in the order in which they were made. */
    static final class Attempt {
        /** Status: all its deliveries are in flight as it left them. */
        static final int INTACT = 1;
        /** Status: a delivery expired. */
        static final int EXPIRED = 2;
        /** Status: a delivery was ended or changed in another way. */
        static final int CHANGED = 3;

        static final int TABLE = 14;
        static final int ROW_LENGTH = 128;

        static final int QUEUE_ID = 16;
        static final int TIME = 24;
        static final int PRINCIPAL_HASH = 32;
        static final int TURN = 40;
        /** Of the attempt id: 32 bytes. */
        static final int DIGEST = 48;

        static final int LOGICAL_END = 80;

        static final int MESSAGES = 80;
        static final int ROOT_NEXT = 88;
        static final int ROOT_PREVIOUS = 92;
        static final int KEY_CHAIN = 96;

        private Attempt() {}
    }

    /** Redrive tasks: the last one of each queue that had one. The status is a RedriveStatus. */
    static final class Redrive {
        static final int TABLE = 15;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        /** Where to; 0: each message to where it came from. */
        static final int DESTINATION_ID = 24;
        /** Messages from here on came after the start. */
        static final int END_SEQUENCE = 32;
        /** Messages before this one were looked at. */
        static final int CURSOR = 40;

        static final int STARTED_TIME = 48;
        static final int DEADLINE = 56;
        static final int MOVED_COUNT = 64;
        static final int TO_MOVE_COUNT = 72;
        static final int QUEUE = 80;
        static final int RATE = 84;
        static final int LOGICAL_END = 88;

        static final int CURSOR_LINK = 88;
        static final int ID_CHAIN = 92;

        private Redrive() {}
    }

    /** What queues held when they were purged or deleted. */
    static final class Grave {
        static final int TABLE = 16;
        static final int ROW_LENGTH = 64;

        static final int QUEUE = 16;
        static final int EPOCH = 20;
        static final int TURN = 24;
        static final int LOGICAL_END = 32;

        static final int MESSAGES = 32;
        static final int ROOT_NEXT = 40;
        static final int ROOT_PREVIOUS = 44;

        private Grave() {}
    }

    /** Who wants to hear of the alarms of a queue. */
    static final class Watch {
        static final int TABLE = 18;
        static final int ROW_LENGTH = 64;

        static final int TURN = 16;
        static final int SESSION = 24;
        static final int QUEUE = 28;
        static final int LOGICAL_END = 32;

        static final int QUEUE_NEXT = 32;
        static final int QUEUE_PREVIOUS = 36;
        static final int SESSION_NEXT = 40;
        static final int SESSION_PREVIOUS = 44;
        static final int KEY_CHAIN = 48;

        private Watch() {}
    }

    /** Names of deleted queues that cannot be used again yet. */
    static final class DeletedName {
        static final int TABLE = 17;
        static final int ROW_LENGTH = 64;

        static final int TIME = 16;
        static final int TURN = 24;
        static final int NAME_PAYLOAD = 32;
        static final int LOGICAL_END = 40;

        static final int ROOT_NEXT = 40;
        static final int ROOT_PREVIOUS = 44;
        static final int NAME_CHAIN = 48;

        private DeletedName() {}
    }
}

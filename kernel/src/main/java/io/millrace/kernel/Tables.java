package io.millrace.kernel;

/**
 * The layouts of the kernel's tables: offsets of the fields in their rows. Fields before {@code LOGICAL_END} are state, those
 * behind it are derived (see {@link io.millrace.kernel.memory.SlotTable}).
 *
 * <p>Fields that refer to an optional row hold {@code slot + 1}.
 */
final class Tables {
    private Tables() {}

    /** Counters and the ends of the lists that belong to no other row; one row. */
    static final class Root {
        static final int TABLE = 1;
        static final int ROW_LENGTH = 128;

        static final int SECRET_0 = 16;
        static final int SECRET_1 = 24;
        static final int DIRECTORY_ID = 32;
        static final int BOOT_EPOCH = 40;
        static final int NEXT_QUEUE_ID = 48;
        static final int NEXT_MESSAGE_ID = 56;
        static final int NEXT_PRODUCER_ID = 64;
        static final int NEXT_TIMER_ID = 72;
        static final int NEXT_TURN = 80;
        static final int LOGICAL_END = 88;

        static final int SESSIONS = 88;
        static final int CLOSED_SESSIONS = 96;
        static final int DELETED_QUEUES = 104;
        static final int PENDING_QUEUES = 112;
        static final int PRODUCERS = 120;

        private Root() {}
    }

    /** The limits, by limit id from {@code FIRST}; the profile stands at id 0; one row. */
    static final class Limit {
        static final int TABLE = 2;
        static final int ROW_LENGTH = 512;

        static final int FIRST = 16;
        static final int LOGICAL_END = 512;

        private Limit() {}
    }

    /** Queues. */
    static final class Queue {
        static final int TABLE = 3;
        static final int ROW_LENGTH = 256;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        static final int VISIBILITY = 32;
        static final int DELAY = 40;
        static final int RECEIVE_WAIT = 48;
        static final int NEXT_SEQUENCE = 56;
        static final int DELETED_TURN = 64;
        static final int PENDING_TURN = 72;
        static final int MAX_MESSAGE_BYTES = 80;
        static final int NAME_PAYLOAD = 84;
        static final int LOGICAL_END = 88;

        static final int FRESH = 88;
        static final int RETURNED = 96;
        static final int ARRIVALS = 104;
        static final int WAITERS = 112;
        static final int RING = 120;
        static final int CONSUMERS = 128;
        static final int AVAILABLE_COUNT = 136;
        static final int DELAYED_COUNT = 144;
        static final int IN_FLIGHT_COUNT = 152;
        static final int ID_CHAIN = 160;
        static final int NAME_CHAIN = 164;
        static final int ROOT_NEXT = 168;
        static final int ROOT_PREVIOUS = 172;
        static final int PENDING_NEXT = 176;
        static final int PENDING_PREVIOUS = 180;

        private Queue() {}
    }

    /** Messages. */
    static final class Message {
        /** Status: can be delivered. */
        static final int AVAILABLE = 1;
        /** Status: waits for its time. */
        static final int DELAYED = 2;
        /** Status: delivered and not acknowledged. */
        static final int IN_FLIGHT = 3;

        static final int TABLE = 4;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int SEQUENCE = 24;
        static final int SENT_TIME = 32;
        static final int FIRST_RECEIVED_TIME = 40;
        static final int RECEIVED_TIME = 48;
        static final int DEADLINE = 56;
        static final int TIMER_ID = 64;
        static final int DELIVERY_TURN = 72;
        static final int QUEUE = 80;
        static final int PAYLOAD = 84;
        static final int DELIVERY_NUMBER = 88;
        static final int RECEIVE_COUNT = 92;
        static final int CONSUMER_LINK = 96;
        static final int LOGICAL_END = 104;

        /** Two links while fresh or held, three while in the tree of returned messages. */
        static final int LINKS = 104;

        static final int ARRIVAL_NEXT = 116;
        static final int ARRIVAL_PREVIOUS = 120;
        /** 1 while the message is in the list of fresh ones. */
        static final int IS_FRESH = 124;

        private Message() {}
    }

    /** Payloads: see {@link io.millrace.kernel.memory.Payloads}. */
    static final class Payload {
        static final int TABLE = 5;

        private Payload() {}
    }

    /** Sessions. */
    static final class Session {
        static final int TABLE = 6;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int CLOSED_TURN = 24;
        static final int PRINCIPAL_HASH = 32;
        static final int PRINCIPAL_PAYLOAD = 40;
        static final int LOGICAL_END = 48;

        static final int CONSUMERS = 48;
        static final int WAITERS = 56;
        static final int TRANSFERS = 64;
        static final int CONSUMER_COUNT = 72;
        static final int WAITER_COUNT = 76;
        static final int TRANSFER_COUNT = 80;
        static final int STALLED_COUNT = 84;
        static final int TRANSFER_BYTES = 88;
        static final int ID_CHAIN = 96;
        static final int ROOT_NEXT = 100;
        static final int ROOT_PREVIOUS = 104;

        private Session() {}
    }

    /** Push consumers. */
    static final class Consumer {
        static final int TABLE = 7;
        static final int ROW_LENGTH = 128;

        /** A delivery expired since the session last spoke on the queue. */
        static final int STALLED = 1;
        /** Gets nothing more; the row stays until nothing is held. */
        static final int STOPPED = 2;

        static final int CORRELATION_ID = 16;
        static final int VISIBILITY = 24;
        static final int CREDIT_MESSAGES = 32;
        static final int CREDIT_BYTES = 40;
        static final int OPEN_TURN = 48;
        static final int RING_TURN = 56;
        static final int SESSION = 64;
        static final int QUEUE = 68;
        static final int FLAGS = 72;
        static final int LOGICAL_END = 80;

        static final int RING_NEXT = 80;
        static final int RING_PREVIOUS = 84;
        static final int IN_RING = 88;
        static final int SESSION_NEXT = 92;
        static final int SESSION_PREVIOUS = 96;
        static final int QUEUE_NEXT = 100;
        static final int QUEUE_PREVIOUS = 104;
        static final int HELD = 108;
        static final int KEY_CHAIN = 116;

        private Consumer() {}
    }

    /** Receives that wait. */
    static final class Waiter {
        static final int TABLE = 8;
        static final int ROW_LENGTH = 128;

        static final int CORRELATION_ID = 16;
        static final int VISIBILITY = 24;
        static final int DEADLINE = 32;
        static final int TIMER_ID = 40;
        static final int TURN = 48;
        static final int SESSION = 56;
        static final int QUEUE = 60;
        static final int MAX_MESSAGES = 64;
        static final int LOGICAL_END = 72;

        static final int QUEUE_NEXT = 72;
        static final int QUEUE_PREVIOUS = 76;
        static final int SESSION_NEXT = 80;
        static final int SESSION_PREVIOUS = 84;

        private Waiter() {}
    }

    /** Payloads begun and not committed. */
    static final class Transfer {
        static final int TABLE = 9;
        static final int ROW_LENGTH = 128;

        static final int CORRELATION_ID = 16;
        static final int QUEUE_ID = 24;
        static final int DELAY = 32;
        static final int TURN = 40;
        static final int SESSION = 48;
        static final int PAYLOAD = 52;
        static final int LOGICAL_END = 56;

        static final int SESSION_NEXT = 56;
        static final int SESSION_PREVIOUS = 60;

        private Transfer() {}
    }

    /** Producers. */
    static final class Producer {
        static final int TABLE = 10;
        static final int ROW_LENGTH = 64;

        static final int ID = 16;
        static final int LAST_SEQUENCE = 24;
        static final int TURN = 32;
        static final int EPOCH = 40;
        static final int LOGICAL_END = 48;

        static final int ROOT_NEXT = 48;
        static final int ROOT_PREVIOUS = 52;
        static final int ID_CHAIN = 56;

        private Producer() {}
    }

    /** The last results of producers: row {@code producer * KEPT + sequence % KEPT}. */
    static final class Result {
        static final int TABLE = 11;
        static final int ROW_LENGTH = 128;
        static final int KEPT = 64;

        static final int SEQUENCE = 16;
        static final int FIRST_VALUE = 24;
        static final int LIMIT = 32;
        static final int ACTUAL = 40;
        static final int VALUE_COUNT = 48;
        static final int ENTRY_INDEX = 52;
        static final int CODE = 56;
        static final int LIMIT_ID = 60;
        static final int ENTRIES_PAYLOAD_LINK = 64;
        static final int LOGICAL_END = 72;

        private Result() {}
    }
}

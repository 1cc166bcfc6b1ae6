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
        static final int ROW_LENGTH = 512;

        static final int SECRET_0 = 16;
        static final int SECRET_1 = 24;
        static final int DIRECTORY_ID = 32;
        static final int BOOT_EPOCH = 40;
        static final int NEXT_QUEUE_ID = 48;
        static final int NEXT_MESSAGE_ID = 56;
        static final int NEXT_PRODUCER_ID = 64;
        static final int NEXT_TIMER_ID = 72;
        static final int NEXT_TURN = 80;
        static final int NEXT_TASK_ID = 88;
        static final int NEXT_TOPIC_ID = 96;
        static final int NEXT_SUBSCRIPTION_ID = 104;
        static final int NEXT_BLOB_ID = 112;
        static final int NEXT_STREAM_ID = 120;
        static final int NEXT_SHARD_ID = 128;
        static final int NEXT_GROUP_ID = 136;
        static final int NEXT_MEMBER_ID = 144;
        static final int NEXT_STREAM_CONSUMER_ID = 152;
        static final int LOGICAL_END = 160;

        static final int CLOSED_SESSIONS = 160;
        static final int DELETED_QUEUES = 168;
        static final int PENDING_QUEUES = 176;
        static final int PRODUCERS = 184;
        static final int DEDUPLICATIONS = 192;
        static final int ATTEMPTS = 200;
        static final int GRAVES = 208;
        static final int DELETED_NAMES = 216;
        static final int RUNNING_REDRIVES = 224;
        /** Tree of the queues whose alarms are to be judged at the end of the record. */
        static final int CHANGED_QUEUES = 232;

        static final int PENDING_TOPICS = 240;
        static final int DELETED_TOPICS = 248;
        static final int SESSIONS = 256;
        /** Blobs that nothing ever referred to, in the order of their declaration. */
        static final int RESTING_BLOBS = 264;

        static final int PENDING_STREAMS = 272;
        static final int DELETED_STREAMS = 280;
        static final int PENDING_GROUPS = 288;
        /** Deregistered consumers of streams that subscriptions are left of. */
        static final int ENDED_CONSUMERS = 296;
        /** Archives whose logs are not open. */
        static final int OPENING_ARCHIVES = 304;

        private Root() {}
    }

    /** The limits, by limit id from {@code FIRST}; the profile stands at id 0; one row. */
    static final class Limit {
        static final int TABLE = 2;
        static final int ROW_LENGTH = 1024;

        static final int FIRST = 16;
        static final int LOGICAL_END = 1024;

        private Limit() {}
    }

    /**
     * Queues; the settings are those of the composite queueSettings. What every message reads and changes stands in two cache lines: the
     * first one, and the one around the logical end.
     */
    static final class Queue {
        /** Priorities that a row has room for. */
        static final int MOST_PRIORITIES = 8;

        /** Alarm: the depth has reached its high mark. */
        static final int DEPTH_IS_HIGH = 1;
        /** Alarm: the age has reached its high mark. */
        static final int AGE_IS_HIGH = 2;
        /** Not an alarm: the queue has marks, or had some. */
        static final int HAS_MARKS = 4;

        static final int TABLE = 3;
        static final int ROW_LENGTH = 512;

        static final int NEXT_SEQUENCE = 16;
        static final int DELAY = 24;
        static final int ID = 32;
        static final int DELETED_TURN = 40;
        static final int RETENTION_DEADLINE = 48;
        static final int TYPE = 56;
        /** How often the queue was purged: what has another epoch is gone. */
        static final int EPOCH = 60;

        static final int CREATED_TIME = 64;
        static final int CHANGED_TIME = 72;
        static final int VISIBILITY = 80;
        static final int RECEIVE_WAIT = 88;
        static final int RETENTION = 96;
        static final int DEAD_LETTER_QUEUE_ID = 104;
        static final int BACKOFF_DELAY = 112;
        static final int BACKOFF_MAX = 120;
        static final int HIGH_DEPTH = 128;
        static final int LOW_DEPTH = 136;
        static final int HIGH_AGE = 144;
        static final int LOW_AGE = 152;
        static final int PENDING_TURN = 160;
        static final int PURGED_TIME = 168;
        static final int AGE_DEADLINE = 176;
        /** Order in which the sources of a dead-letter queue took it; 0 without one. */
        static final int SOURCE_TURN = 184;
        /** The second of the kernel's time that the requests below are counted in, modulo 2^32. */
        static final int REQUESTS_SECOND = 192;
        /** Requests of each kind in that second, in the order of {@link RequestRates.Kind}. */
        static final int REQUESTS = 196;

        static final int MAX_RECEIVE_COUNT = 208;
        static final int NAME_PAYLOAD = 212;
        static final int TAGS_PAYLOAD_LINK = 216;
        static final int ACCESS_PAYLOAD_LINK = 220;
        static final int REDRIVE_SOURCES_PAYLOAD_LINK = 224;
        static final int CONTENT_DEDUPLICATION = 228;
        static final int DEDUPLICATION_SCOPE = 232;
        static final int THROUGHPUT_SCOPE = 236;
        static final int REDRIVE_PERMISSION = 240;
        static final int BACKOFF = 244;
        static final int PRIORITIES = 248;
        static final int MAX_MESSAGE_BYTES = 256;
        /** Bits of the alarms that stand. */
        static final int ALARMS = 260;
        /** Lane of messages without a group and with priority 0, always there. */
        static final int DEFAULT_LANE = 264;
        /** The subscription that sessions consume by this queue, which has no name of its own then. */
        static final int SUBSCRIPTION_LINK = 268;

        static final int LOGICAL_END = 272;

        static final int ARRIVALS = 272;
        static final int WAITERS = 280;
        static final int RING = 288;
        static final int AVAILABLE_COUNT = 296;
        static final int REDRIVE_LINK = 304;
        /** Which of the rings have a lane. */
        static final int READY_PRIORITIES = 308;
        /** 1 while the queue is in the tree of changed ones. */
        static final int IS_CHANGED = 312;
        /** Tree of the messages that brought an older retention clock with them. */
        static final int OLDER = 316;
        /** The ring of ready lanes of each priority: a standard queue. */
        static final int READY_LANES = 320;

        static final int CONSUMERS = 384;
        static final int DELAYED_COUNT = 392;
        static final int IN_FLIGHT_COUNT = 400;
        static final int RECLAIMING_COUNT = 408;
        /** Tree of the ready lanes by their first message: a FIFO queue. */
        static final int READY_GROUPS = 416;

        static final int ID_CHAIN = 420;
        static final int NAME_CHAIN = 424;
        static final int ROOT_NEXT = 428;
        static final int ROOT_PREVIOUS = 432;
        static final int PENDING_NEXT = 436;
        static final int PENDING_PREVIOUS = 440;
        static final int SOURCES = 444;
        static final int SOURCE_NEXT = 452;
        static final int SOURCE_PREVIOUS = 456;
        static final int WATCHERS = 460;
        static final int CHANGED_LINKS = 468;
        /** FIFO: messages that wait for the queue's delay, in their order. */
        static final int DELAYED = 480;
        /** The dead-letter queue whose list of sources this queue is in. */
        static final int DEAD_LETTER_LINK = 488;
        /** Tree of the messages that the redrive task is to look at again. */
        static final int RECHECKS = 492;

        private Queue() {}
    }

    /** Lanes: the messages of one group and priority of a queue, served in their order. A standard queue needs the first cache line only. */
    static final class Lane {
        static final int TABLE = 12;
        static final int ROW_LENGTH = 128;

        static final int QUEUE = 16;
        static final int PRIORITY = 20;
        static final int GROUP_PAYLOAD_LINK = 24;
        static final int EPOCH = 28;
        static final int RING_TURN = 32;
        /** Up to this message a redrive task left all of a FIFO group, available, in their places. */
        static final int LEFT_SEQUENCE = 40;

        static final int LOGICAL_END = 48;

        static final int FRESH = 48;
        static final int COUNT = 56;
        static final int RETURNED = 60;
        static final int MEMBERS = 64;
        static final int RING_NEXT = 72;
        static final int RING_PREVIOUS = 76;
        static final int READY_LINKS = 80;
        static final int KEY_CHAIN = 92;
        /** Sequence of the first message while the lane is in the tree of ready ones, else 0. */
        static final int HEAD_SEQUENCE = 96;

        static final int GROUP_HASH = 104;

        private Lane() {}
    }

    /** Messages. */
    static final class Message {
        /** Status: can be delivered. */
        static final int AVAILABLE = 1;
        /** Status: waits for its time. */
        static final int DELAYED = 2;
        /** Status: delivered and not acknowledged. */
        static final int IN_FLIGHT = 3;
        /** Status: failed or released, and waits; on a FIFO queue its lane waits with it. */
        static final int AWAITING_RETRY = 4;

        /** Flag: came from another queue. */
        static final int MOVED = 2;
        /** Flag: the redrive task of its queue is to look at it again. */
        static final int RECHECK = 4;
        /** Flag: came out of the archive of a topic. */
        static final int REPLAYED = 8;

        static final int TABLE = 4;
        static final int ROW_LENGTH = 256;

        static final int ID = 16;
        static final int SEQUENCE = 24;
        /** From when the retention counts. */
        static final int SENT_TIME = 32;
        /** When it came into its present queue. */
        static final int ARRIVED_TIME = 40;

        static final int FIRST_RECEIVED_TIME = 48;
        static final int RECEIVED_TIME = 56;
        static final int DEADLINE = 64;
        static final int TIMER_ID = 72;
        static final int DELIVERY_TURN = 80;
        /** End of the time to live, 0 without one. */
        static final int EXPIRY = 88;

        static final int DEAD_LETTER_SOURCE_ID = 104;
        static final int QUEUE = 112;
        static final int LANE = 116;
        static final int PAYLOAD = 120;
        static final int DELIVERY_NUMBER = 124;
        static final int RECEIVE_COUNT = 128;
        static final int FAILED_COUNT = 132;
        static final int CONSUMER_LINK = 136;
        static final int FLAGS = 140;
        static final int EPOCH = 144;
        static final int PRIORITY = 148;
        /** The receive attempt that the present delivery belongs to. */
        static final int ATTEMPT_LINK = 152;

        static final int LOGICAL_END = 160;

        /** Two links while fresh, held, of an attempt or waiting for a FIFO queue's delay; three while in the tree of returned messages. */
        static final int LINKS = 160;

        static final int ARRIVAL_NEXT = 172;
        static final int ARRIVAL_PREVIOUS = 176;
        /** 1 while the message is in the list of fresh ones. */
        static final int IS_FRESH = 180;
        /** 1 while the message is in the tree of those with an older clock. */
        static final int IS_OLDER = 184;

        static final int LANE_NEXT = 188;
        static final int LANE_PREVIOUS = 192;
        static final int OLDER_LINKS = 196;
        static final int RECHECK_LINKS = 208;

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
        static final int ROW_LENGTH = 256;

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
        static final int WATCHES = 108;
        static final int WATCH_COUNT = 116;
        /** Memberships of consumer groups. */
        static final int MEMBERS = 120;

        static final int MEMBER_COUNT = 124;
        static final int PUSHES = 128;
        static final int PUSH_COUNT = 136;

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
        /** Names of the attributes wanted. */
        static final int NAMES_PAYLOAD_LINK = 68;
        /** Digest of the receive attempt id, 0 without one. */
        static final int ATTEMPT_DIGEST = 72;

        static final int LOGICAL_END = 104;

        static final int QUEUE_NEXT = 104;
        static final int QUEUE_PREVIOUS = 108;
        static final int SESSION_NEXT = 112;
        static final int SESSION_PREVIOUS = 116;

        private Waiter() {}
    }

    /** Payloads begun and not committed. */
    static final class Transfer {
        static final int TABLE = 9;
        static final int ROW_LENGTH = 128;

        static final int CORRELATION_ID = 16;
        static final int QUEUE_ID = 24;
        static final int DELAY = 32;
        static final int SCHEDULED_TIME = 40;
        static final int TIME_TO_LIVE = 48;
        static final int TURN = 56;
        static final int SESSION = 64;
        static final int PAYLOAD = 68;
        static final int PRIORITY = 72;
        static final int IS_TEXT = 76;
        /** Where it is to be published; 0: it does not go to a topic. */
        static final int TOPIC_ID = 80;
        /** Where it is to be put; 0: it does not go to a stream. */
        static final int STREAM_ID = 88;

        static final int LOGICAL_END = 96;

        static final int SESSION_NEXT = 96;
        static final int SESSION_PREVIOUS = 100;

        private Transfer() {}
    }

    /** Blobs that messages may refer to. */
    static final class Blob {
        static final int TABLE = 22;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int CONTENT_LENGTH = 24;
        static final int DIGEST = 32;
        static final int DECLARED_TIME = 64;
        static final int REFERENCES = 72;
        /** Order in which blobs came to rest that nothing ever referred to; 0: something did. */
        static final int RESTING_TURN = 80;

        static final int LOGICAL_END = 88;

        static final int RESTING_NEXT = 88;
        static final int RESTING_PREVIOUS = 92;
        static final int ID_CHAIN = 96;

        private Blob() {}
    }

    /** Producers. */
    static final class Producer {
        static final int TABLE = 10;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int LAST_SEQUENCE = 24;
        static final int TURN = 32;
        static final int EPOCH = 40;
        static final int NONCE = 48;
        static final int LOGICAL_END = 56;

        static final int ROOT_NEXT = 56;
        static final int ROOT_PREVIOUS = 60;
        static final int ID_CHAIN = 64;

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
        /** Template of the message that the entries were told in. */
        static final int TEMPLATE = 68;

        static final int LOGICAL_END = 72;

        private Result() {}
    }
}

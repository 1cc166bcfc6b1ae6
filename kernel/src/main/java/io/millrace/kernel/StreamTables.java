package io.millrace.kernel;

/** The layouts of the tables of streams, in the way of {@link Tables}. */
final class StreamTables {
    private StreamTables() {}

    /** Streams; the settings are those of the composite streamSettings. */
    static final class Stream {
        /** Changes of the number of shards whose times are kept. */
        static final int KEPT_CHANGES = 10;

        static final int TABLE = 23;
        static final int ROW_LENGTH = 512;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        static final int CHANGED_TIME = 32;
        static final int RETENTION = 40;
        /** Records that arrived before were out of reach when the retention was changed, and stay so. */
        static final int TRIM_TIME = 48;
        /** When the logs are told the horizon next. */
        static final int NEXT_TRIM_TIME = 56;

        static final int LAST_SEQUENCE = 64;
        static final int RECORD_COUNT = 72;
        static final int RECORD_BYTES = 80;
        /** Order in which streams were deleted; 0: it was not. */
        static final int DELETED_TURN = 88;
        /** Order in which streams go on with the work on their shards; 0: there is none. */
        static final int PENDING_TURN = 96;
        /** The shard that the work has come to, by its id. */
        static final int CURSOR = 104;
        /** The first of the shards that are being opened, by its id. */
        static final int FIRST_MADE = 112;
        /** The last of them when the logs of all are asked for, by its id; else 0. */
        static final int AWAITED = 120;
        /** When the number of shards was changed: a ring. */
        static final int CHANGE_TIMES = 128;

        static final int NEXT_CHANGE = 208;
        static final int STATUS = 212;
        /** Open shards there are to be. */
        static final int SHARD_COUNT = 216;

        static final int MAX_RECORD_BYTES = 220;
        static final int NEXT_INDEX = 224;
        static final int NAME_PAYLOAD = 228;
        static final int TAGS_PAYLOAD_LINK = 232;
        static final int ACCESS_PAYLOAD_LINK = 236;
        /** What is being done with the shards: {@link Resharding}. */
        static final int WORK = 240;
        /** Steps of it that are done. */
        static final int DONE = 244;
        /** All steps of it. */
        static final int STEPS = 248;

        static final int UNUSED = 252;
        static final int LOGICAL_END = 256;

        static final int OPEN_SHARDS = 256;
        static final int SHARDS = 260;
        /** In the order in which they were closed. */
        static final int CLOSED_SHARDS = 264;

        static final int OPEN_COUNT = 272;
        static final int LIVE_COUNT = 276;
        static final int ID_CHAIN = 280;
        static final int NAME_CHAIN = 284;
        static final int PENDING_NEXT = 288;
        static final int PENDING_PREVIOUS = 292;
        static final int DELETED_NEXT = 296;
        static final int DELETED_PREVIOUS = 300;
        static final int GROUPS = 304;
        static final int GROUP_COUNT = 308;
        static final int CONSUMERS = 312;
        static final int CONSUMER_COUNT = 320;

        private Stream() {}
    }

    /** Shards of streams. */
    static final class Shard {
        static final int TABLE = 24;
        static final int ROW_LENGTH = 256;

        static final int ID = 16;
        static final int STREAM = 24;
        static final int INDEX = 28;
        static final int FIRST_HIGH = 32;
        static final int FIRST_LOW = 40;
        static final int LAST_HIGH = 48;
        static final int LAST_LOW = 56;
        static final int PARENT_ID = 64;
        static final int ADJACENT_PARENT_ID = 72;
        static final int CHILD_ID = 80;
        static final int SECOND_CHILD_ID = 88;
        static final int LAST_SEQUENCE = 96;
        static final int LAST_TIME = 104;
        static final int RECORD_COUNT = 112;
        static final int RECORD_BYTES = 120;
        static final int OPENED_TIME = 128;
        static final int CLOSED_TIME = 136;
        /** Order in which shards were closed; 0: it was not. */
        static final int CLOSED_TURN = 144;
        /** The second of the kernel's time that puts are counted in. */
        static final int PUT_SECOND = 152;

        static final int PUT_BYTES = 160;
        /** The second of the kernel's time that reads are counted in. */
        static final int READ_SECOND = 168;

        static final int READ_BYTES = 176;
        /** When reading goes on after much was read. */
        static final int READS_FROM = 184;

        static final int PUT_COUNT = 192;
        static final int READ_COUNT = 196;
        static final int STATE = 200;
        static final int UNUSED = 204;
        static final int LOGICAL_END = 208;

        static final int ID_CHAIN = 208;
        static final int OPEN_LINKS = 212;
        static final int STREAM_LINKS = 224;
        static final int CLOSED_NEXT = 236;
        static final int CLOSED_PREVIOUS = 240;
        /** What consumer groups know of it. */
        static final int LEASES = 244;

        static final int PUSHES = 248;

        private Shard() {}
    }

    /** Consumers of streams that shards are pushed to. */
    static final class StreamConsumer {
        static final int TABLE = 33;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        /** Order in which consumers were deregistered; 0: it was not. */
        static final int ENDED_TURN = 32;

        static final int STREAM = 40;
        static final int NAME_PAYLOAD = 44;
        static final int LOGICAL_END = 48;

        static final int ID_CHAIN = 48;
        static final int STREAM_NEXT = 52;
        static final int STREAM_PREVIOUS = 56;
        static final int PUSHES = 60;
        static final int PUSH_COUNT = 68;

        private StreamConsumer() {}
    }

    /** Subscriptions of consumers to shards. */
    static final class ShardPush {
        static final int TABLE = 34;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int STARTED_TIME = 24;
        static final int DEADLINE = 32;
        static final int CORRELATION_ID = 40;
        static final int CONSUMER = 48;
        static final int SHARD = 52;
        static final int SESSION = 56;
        static final int UNUSED = 60;
        static final int LOGICAL_END = 64;

        static final int KEY_CHAIN = 64;
        static final int CONSUMER_NEXT = 68;
        static final int CONSUMER_PREVIOUS = 72;
        static final int SHARD_NEXT = 76;
        static final int SHARD_PREVIOUS = 80;
        static final int SESSION_NEXT = 84;
        static final int SESSION_PREVIOUS = 88;

        private ShardPush() {}
    }
}

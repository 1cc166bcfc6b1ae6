package io.millrace.kernel;

/** The layouts of the tables of topics, in the way of {@link Tables}. */
final class TopicTables {
    private TopicTables() {}

    /** Topics; the settings are those of the composite topicSettings. */
    static final class Topic {
        static final int TABLE = 19;
        static final int ROW_LENGTH = 256;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        static final int CHANGED_TIME = 32;
        static final int NEXT_SEQUENCE = 40;
        static final int PUBLISHED_COUNT = 48;
        /** Order in which topics were deleted; 0: it was not. */
        static final int DELETED_TURN = 56;
        /** Order in which topics go on with their fan-out; 0: nothing is pending. */
        static final int PENDING_TURN = 64;

        static final int NAME_PAYLOAD = 72;
        static final int TAGS_PAYLOAD_LINK = 76;
        static final int ACCESS_PAYLOAD_LINK = 80;
        static final int TYPE = 84;
        static final int CONTENT_DEDUPLICATION = 88;
        static final int DEDUPLICATION_SCOPE = 92;

        /** The policy of subscriptions without one: {@link DeliveryPolicy}. */
        static final int POLICY = 96;

        static final int LOGICAL_END = 136;

        static final int SUBSCRIPTIONS = 136;
        static final int SUBSCRIPTION_COUNT = 144;
        /** Subscriptions without a filter policy that get an envelope. */
        static final int ENVELOPE_COUNT = 148;
        /** Publications whose fan-out is not complete, in their order. */
        static final int PUBLICATIONS = 152;

        static final int PUBLICATION_COUNT = 160;
        /** The subscription without a filter policy that the first of them goes on with. */
        static final int CURSOR_LINK = 164;

        static final int ID_CHAIN = 168;
        static final int NAME_CHAIN = 172;
        static final int PENDING_NEXT = 176;
        static final int PENDING_PREVIOUS = 180;
        static final int DELETED_NEXT = 184;
        static final int DELETED_PREVIOUS = 188;
        /** Subscriptions without a filter policy. */
        static final int UNFILTERED = 192;

        static final int UNFILTERED_COUNT = 200;
        /** Subscriptions of streams. */
        static final int STREAM_COUNT = 204;

        static final int ARCHIVE_LINK = 208;
        /** Subscriptions that messages do not find, because they are being replayed to. */
        static final int REPLAY_COUNT = 212;

        private Topic() {}
    }

    /** Subscriptions of topics. What a delivery reads and changes stands in the first cache line, and behind the logical end. */
    static final class Subscription {
        static final int TABLE = 20;
        static final int ROW_LENGTH = 256;

        /** What was published in an earlier turn has reached it, or concerns it not; all of it as long as a replay is running. */
        static final int SINCE_TURN = 16;

        static final int DELIVERED_COUNT = 24;
        static final int ID = 32;
        /** 0: a stream is subscribed. */
        static final int QUEUE_ID = 40;

        static final int RAW_DELIVERY = 48;
        /** Sessions: the subscription's name; a queue's subscription has none. */
        static final int NAME_PAYLOAD_LINK = 52;

        static final int TOPIC = 56;
        /** The compiled filter policy, and behind it its text. */
        static final int POLICY_PAYLOAD_LINK = 60;

        static final int CREATED_TIME = 64;
        static final int DEAD_LETTER_QUEUE_ID = 72;
        static final int DEAD_LETTER_COUNT = 80;
        static final int DISCARDED_COUNT = 88;
        /**
         * Messages that the topic got before the subscription was made, less those replayed to it; as long as a replay is running, less all
         * that the topic had got when it began.
         */
        static final int PUBLISHED_BEFORE = 96;

        static final int FILTER_SCOPE = 104;
        /** Sessions: values of Switch. */
        static final int ACKNOWLEDGED = 108;

        static final int RETRIED_COUNT = 112;
        /** The second of the kernel's time that deliveries are counted in. */
        static final int RATE_SECOND = 120;
        /** When deliveries go on; 0 while nothing holds them up. */
        static final int THROTTLED_UNTIL = 128;
        /** Messages that were published for it, whatever became of them. */
        static final int REACHED_COUNT = 136;
        /** Deliveries in the second. */
        static final int RATE_COUNT = 144;
        /** Sessions: {@link DeliveryPolicy}. */
        static final int POLICY = 152;

        /** Streams: the subscribed one. */
        static final int STREAM_ID = 192;
        /** Streams: name of the attribute whose value is the partition key. */
        static final int KEY_ATTRIBUTE_PAYLOAD_LINK = 200;

        /** Of the replay asked for last: a value of ReplayState. */
        static final int REPLAY_STATE = 204;
        /** The time it was asked for from, 0 if none was. */
        static final int REPLAY_FROM = 208;

        static final int LOGICAL_END = 216;

        static final int TOPIC_NEXT = 216;
        static final int TOPIC_PREVIOUS = 220;
        static final int ID_CHAIN = 224;
        static final int KEY_CHAIN = 228;
        static final int UNFILTERED_NEXT = 232;
        static final int UNFILTERED_PREVIOUS = 236;
        /** The queue of {@link #QUEUE_ID}, as long as it is that. */
        static final int QUEUE_LINK = 240;
        /** The replay that is running. */
        static final int REPLAY_LINK = 244;

        private Subscription() {}
    }

    /** Archives of topics. */
    static final class Archive {
        static final int TABLE = 35;
        static final int ROW_LENGTH = 128;

        /** In the place of a stream's id, and never one's. */
        static final int ID = 16;
        /** In the place of a shard's. */
        static final int SHARD_ID = 24;

        static final int PERIOD = 32;
        /** When its log was open; 0: it is not. */
        static final int BEGAN_TIME = 40;

        static final int LAST_SEQUENCE = 48;
        static final int LAST_TIME = 56;
        /** What was published before was out of reach when the period was changed, and stays so. */
        static final int TRIM_TIME = 64;
        /** When the log is told the horizon next. */
        static final int NEXT_TRIM_TIME = 72;

        static final int TOPIC = 80;
        static final int UNUSED = 84;
        static final int LOGICAL_END = 88;

        static final int OPENING_NEXT = 88;
        static final int OPENING_PREVIOUS = 92;

        private Archive() {}
    }

    /** Replays that are running. */
    static final class Replay {
        static final int TABLE = 36;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        /** The last message that was replayed, 0 if none was. */
        static final int REACHED_SEQUENCE = 24;
        /** The message that is coming in parts. */
        static final int PART_SEQUENCE = 32;

        static final int SUBSCRIPTION = 40;
        /** What has come of it. */
        static final int PART_PAYLOAD_LINK = 44;

        static final int LOGICAL_END = 48;

        private Replay() {}
    }

    /** Messages that were published and have not reached every subscription yet. */
    static final class Publication {
        static final int TABLE = 21;
        static final int ROW_LENGTH = 128;

        static final int TURN = 16;
        /** Subscriptions without a filter policy have it up to the one that is there since this turn. */
        static final int CURSOR_TURN = 24;
        /** The list of the others that it goes to, see {@link Audience}. */
        static final int AUDIENCE_PAYLOAD_LINK = 32;
        /** How many in the list have it. */
        static final int AUDIENCE_INDEX = 36;

        static final int TOPIC = 40;
        static final int PAYLOAD = 44;
        static final int ENVELOPE_PAYLOAD_LINK = 48;
        /** Body and attributes. */
        static final int ACCOUNTED_BYTES = 52;
        /** The envelope. */
        static final int ENVELOPE_BYTES = 56;
        /** Messages that room is kept for. */
        static final int RESERVED = 60;
        /** What sessions get where that is something else than what queues get; 0: it is not. */
        static final int SESSION_PAYLOAD_LINK = 64;

        static final int SESSION_ENVELOPE_PAYLOAD_LINK = 68;
        static final int SESSION_BYTES = 72;
        static final int SESSION_ENVELOPE_BYTES = 76;
        /** Of the message. */
        static final int MESSAGE_ID = 80;
        /** What streams get where that is something else than what queues get; 0: it is not. */
        static final int STREAM_PAYLOAD_LINK = 88;

        static final int STREAM_ENVELOPE_PAYLOAD_LINK = 92;

        static final int LOGICAL_END = 96;

        static final int TOPIC_NEXT = 96;
        static final int TOPIC_PREVIOUS = 100;

        private Publication() {}
    }
}

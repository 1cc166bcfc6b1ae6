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

        static final int LOGICAL_END = 96;

        static final int SUBSCRIPTIONS = 96;
        static final int SUBSCRIPTION_COUNT = 104;
        /** Subscriptions that get an envelope. */
        static final int ENVELOPE_COUNT = 108;
        /** Publications whose fan-out is not complete, in their order. */
        static final int PUBLICATIONS = 112;

        static final int PUBLICATION_COUNT = 120;
        /** The subscription that the first of them goes on with. */
        static final int CURSOR_LINK = 124;

        static final int ID_CHAIN = 128;
        static final int NAME_CHAIN = 132;
        static final int PENDING_NEXT = 136;
        static final int PENDING_PREVIOUS = 140;
        static final int DELETED_NEXT = 144;
        static final int DELETED_PREVIOUS = 148;

        private Topic() {}
    }

    /** Subscriptions of topics. */
    static final class Subscription {
        static final int TABLE = 20;
        static final int ROW_LENGTH = 128;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        static final int QUEUE_ID = 32;
        static final int DEAD_LETTER_QUEUE_ID = 40;
        static final int DELIVERED_COUNT = 48;
        static final int DEAD_LETTER_COUNT = 56;
        static final int DISCARDED_COUNT = 64;
        static final int TOPIC = 72;
        static final int RAW_DELIVERY = 76;

        static final int LOGICAL_END = 80;

        static final int TOPIC_NEXT = 80;
        static final int TOPIC_PREVIOUS = 84;
        static final int ID_CHAIN = 88;
        static final int KEY_CHAIN = 92;

        private Subscription() {}
    }

    /** Messages that were published and have not reached every subscription yet. */
    static final class Publication {
        static final int TABLE = 21;
        static final int ROW_LENGTH = 128;

        static final int TURN = 16;
        /** Subscriptions up to this one have it. */
        static final int CURSOR_ID = 24;
        /** Subscriptions from this one on came after it. */
        static final int END_ID = 32;

        static final int TOPIC = 40;
        static final int PAYLOAD = 44;
        static final int ENVELOPE_PAYLOAD_LINK = 48;
        /** Body and attributes. */
        static final int ACCOUNTED_BYTES = 52;
        /** The envelope. */
        static final int ENVELOPE_BYTES = 56;
        /** Messages that room is kept for. */
        static final int RESERVED = 60;

        static final int LOGICAL_END = 64;

        static final int TOPIC_NEXT = 64;
        static final int TOPIC_PREVIOUS = 68;

        private Publication() {}
    }
}

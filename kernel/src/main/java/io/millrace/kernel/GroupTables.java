package io.millrace.kernel;

/** The layouts of the tables of consumer groups, in the way of {@link Tables}. */
final class GroupTables {
    private GroupTables() {}

    /** Consumer groups of streams. */
    static final class Group {
        static final int TABLE = 30;
        static final int ROW_LENGTH = 256;

        static final int ID = 16;
        static final int CREATED_TIME = 24;
        static final int LEASE_DURATION = 32;
        /** The group reads what comes behind this sequence number of its stream. */
        static final int START_SEQUENCE = 40;
        /** Shards up to this one, by their ids, are in the group's table. */
        static final int CURSOR = 48;
        /** Order in which groups go on with their work; 0: there is none. */
        static final int PENDING_TURN = 56;

        static final int STREAM = 64;
        static final int NAME_PAYLOAD = 68;
        /** A GroupStart. */
        static final int START = 72;
        /** The MembershipEnd of its members once the group was deleted; 0: it was not. */
        static final int ENDED = 76;

        static final int LOGICAL_END = 80;

        static final int LEASES = 80;
        static final int FREE_LEASES = 84;
        static final int MEMBERS = 88;
        /** Tree of the members that have a session, by the number of their shards. */
        static final int BALANCE = 92;

        static final int BUSY_MEMBERS = 96;
        static final int STREAM_LINKS = 104;
        static final int ID_CHAIN = 116;
        static final int PENDING_NEXT = 120;
        static final int PENDING_PREVIOUS = 124;
        static final int MEMBER_COUNT = 128;
        /** Leases in each state, from the first LeaseState on. */
        static final int STATE_COUNTS = 132;

        private Group() {}
    }

    /** Members of consumer groups. */
    static final class Member {
        static final int TABLE = 31;
        static final int ROW_LENGTH = 256;

        /** Flag: no longer a member; the row stays until its shards have gone to others. */
        static final int LEFT = 1;
        /** Flag: came back, and is to be told of its shards under new epochs. */
        static final int RETURNED = 2;

        static final int ID = 16;
        /** When its leases are over unless it renews them. */
        static final int DEADLINE = 24;

        static final int TIMER_ID = 32;
        /** Order in which members of a group get the work on their shards done; 0: there is none. */
        static final int BUSY_TURN = 40;
        /** RETURNED: shards up to this one, by their ids, have their new epochs. */
        static final int CURSOR = 48;

        static final int GROUP = 56;
        static final int SESSION_LINK = 60;
        static final int NAME_PAYLOAD = 64;
        static final int FLAGS = 68;

        static final int LOGICAL_END = 72;

        /** Shards that it has and keeps, and those that it is to get from others. */
        static final int SHARE = 72;
        /** Shards that it has, and keeps. */
        static final int KEPT = 80;
        /** Shards that it has, and is to hand over. */
        static final int HANDED_OVER = 84;
        /** Shards that others are to hand over to it. */
        static final int AWAITED = 88;

        static final int GROUP_LINKS = 92;
        static final int BALANCE_LINKS = 104;
        static final int SESSION_LINKS = 116;
        static final int BUSY_NEXT = 128;
        static final int BUSY_PREVIOUS = 132;
        static final int ID_CHAIN = 136;
        static final int NAME_CHAIN = 140;
        /** Shards that it has. */
        static final int OWNED_COUNT = 144;

        private Member() {}
    }

    /** What a consumer group knows of a shard. */
    static final class Lease {
        static final int TABLE = 32;
        static final int ROW_LENGTH = 128;

        static final int SHARD_ID = 16;
        static final int GROUP_ID = 24;
        static final int CHECKPOINT = 32;
        /** When the shard is taken from a member that is to hand it over; 0: it is not to. */
        static final int DEADLINE = 40;

        static final int TIMER_ID = 48;
        static final int GROUP = 56;
        static final int SHARD = 60;
        static final int MEMBER_LINK = 64;
        /** The member that the shard is to be handed over to. */
        static final int NEXT_LINK = 68;

        static final int EPOCH = 72;
        /** A LeaseState. */
        static final int STATE = 76;

        static final int LOGICAL_END = 80;

        static final int GROUP_LINKS = 80;
        static final int SHARD_LINKS = 92;
        /** In the tree of its owner, or of the free ones. */
        static final int PLACE_LINKS = 104;

        static final int AWAITED_LINKS = 116;

        private Lease() {}
    }
}

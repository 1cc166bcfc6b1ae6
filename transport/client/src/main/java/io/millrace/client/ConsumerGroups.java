package io.millrace.client;

import io.millrace.codecs.ResultCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes, lists and removes consumer groups of streams, and joins them. A consumer group divides the shards of a stream among its members, and stores how far each was
 * read. Every call waits for its answer as those of {@link Streams} do, and throws what they throw.
 */
public final class ConsumerGroups {
    private static final int PAGE_ENTRIES = 100;

    private final GroupFrames frames;
    private final FrameWriter writer;
    private final BlockingRequests requests;
    private final StreamWork work;
    private final ClientContext context;

    ConsumerGroups(
            final FrameWriter writer,
            final BlockingRequests requests,
            final StreamWork work,
            final ClientContext context) {
        this.frames = new GroupFrames(writer);
        this.writer = writer;
        this.requests = requests;
        this.work = work;
        this.context = context;
    }

    /**
     * Creates a group that begins at the oldest records, with leases of 10 seconds. One of this name and these settings is left as it is.
     *
     * @param streamId the stream
     * @param name of the group: UTF-8, at most 256 bytes; once in the stream
     * @return id of the group
     */
    public long create(final long streamId, final String name) {
        return create(streamId, name, new GroupSettings());
    }

    /**
     * Creates a group. One of this name and these settings is left as it is.
     *
     * @param streamId the stream
     * @param name of the group: UTF-8, at most 256 bytes; once in the stream
     * @param settings of the group
     * @return id of the group
     */
    public long create(final long streamId, final String name, final GroupSettings settings) {
        return requests.command(
                "create the consumer group " + name, noStream(streamId), () -> frames.create(streamId, name, settings));
    }

    /**
     * Deletes a group and its checkpoints. Its members are told.
     *
     * @param groupId the group
     */
    public void delete(final long groupId) {
        requests.command("delete the consumer group " + groupId, none(groupId), () -> frames.delete(groupId));
    }

    /**
     * Tells of a group and all its members, page by page until the last. Settings and counts are those of the last page.
     *
     * @param groupId the group
     * @return its settings, counts and members
     */
    public GroupInfo describe(final long groupId) {
        final List<MemberInfo> members = new ArrayList<>();
        long after = 0;
        Answers.MemberPage page;
        do {
            final long start = after;
            page = requests.query(
                    "describe the consumer group " + groupId,
                    none(groupId),
                    Answers.MemberPage.class,
                    () -> frames.describe(groupId, start, PAGE_ENTRIES));
            members.addAll(page.group().members());
            after = page.nextAfterMemberId();
        } while (after != 0);
        return page.group().withMembers(members);
    }

    /**
     * Lists the groups of a stream in order of creation, page by page until the last.
     *
     * @param streamId the stream
     * @return the groups
     */
    public List<GroupName> list(final long streamId) {
        final List<GroupName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.GroupPage page = requests.query(
                    "list the consumer groups of the stream " + streamId,
                    noStream(streamId),
                    Answers.GroupPage.class,
                    () -> frames.list(streamId, start, PAGE_ENTRIES));
            result.addAll(page.groups());
            after = page.nextAfterGroupId();
        } while (after != 0);
        return result;
    }

    /**
     * Tells who has which shard and how far it was read, page by page until the last.
     *
     * @param groupId the group
     * @return its shards, in the order of their ids
     */
    public List<LeaseInfo> leases(final long groupId) {
        final List<LeaseInfo> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.LeasePage page = requests.query(
                    "list the shards of the consumer group " + groupId,
                    none(groupId),
                    Answers.LeasePage.class,
                    () -> frames.leases(groupId, start, PAGE_ENTRIES));
            result.addAll(page.leases());
            after = page.nextAfterShardId();
        } while (after != 0);
        return result;
    }

    /**
     * Joins a group, whose records are asked of the server. It waits for the settings of the group; {@link MillraceClient#poll()} does the rest.
     *
     * @param groupId the group
     * @param memberName of the member: UTF-8, at most 256 bytes. Who joins under the name of a member goes on as that member, and puts out
     *     whoever had the name; so a name is to be that of a place, which a process takes again when it starts again
     * @param handler takes the records
     * @return the member
     */
    public GroupMember join(final long groupId, final String memberName, final GroupHandler handler) {
        return join(groupId, memberName, null, handler);
    }

    /**
     * Like {@link #join}, for a member that reads the records from the server's mapped files.
     *
     * @param groupId the group
     * @param memberName of the member
     * @param dataDirectory of the server; null: the one that the context was told of
     * @param handler takes the records
     * @return the member
     * @throws IllegalStateException if no directory is known
     */
    public GroupMember joinShared(
            final long groupId, final String memberName, final Path dataDirectory, final GroupHandler handler) {
        return join(
                groupId, memberName, dataDirectory == null ? context.knownServerDirectory() : dataDirectory, handler);
    }

    private GroupMember join(
            final long groupId, final String memberName, final Path dataDirectory, final GroupHandler handler) {
        final GroupInfo group = describe(groupId);
        final GroupMember member = new GroupMember(group, memberName, dataDirectory, writer, work, context, handler);
        work.add(member);
        return member;
    }

    private static BlockingRequests.Explanation none(final long groupId) {
        return refusal ->
                refusal.code() == ResultCode.UNKNOWN_GROUP ? "No consumer group has the id " + groupId + "." : null;
    }

    private static BlockingRequests.Explanation noStream(final long streamId) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_STREAM ? "No stream has the id " + streamId + "." : null;
    }
}

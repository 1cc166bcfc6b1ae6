package io.millrace.server.cli;

import io.millrace.client.ConsumerGroups;
import io.millrace.client.GroupInfo;
import io.millrace.client.GroupName;
import io.millrace.client.GroupSettings;
import io.millrace.client.LeaseInfo;
import io.millrace.client.MemberInfo;
import io.millrace.codecs.GroupStart;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Manages the consumer groups of streams. */
@Command(
        name = "group",
        description = "Creates, lists, describes and deletes the consumer groups of a stream.",
        footer = {"", "Example:", "  millrace stream group create tape bars --lease 30s"},
        subcommands = {
            StreamGroup.Create.class,
            StreamGroup.ListGroups.class,
            StreamGroup.Describe.class,
            StreamGroup.Delete.class
        })
final class StreamGroup extends Main.CommandGroup {

    /** Does something with one group, which is found by its name. */
    abstract static class Action extends ServerAction {

        @Parameters(index = "0", paramLabel = "STREAM", description = "Name of the stream.")
        private String stream;

        @Parameters(index = "1", paramLabel = "NAME", description = "Name of the consumer group.")
        private String name;

        final long streamId(final ServerConnection server) {
            return server.streams().lookUp(stream).streamId();
        }

        final long groupId(final ServerConnection server) {
            return server.streams().groups().list(streamId(server)).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("Stream " + stream + " has no consumer group " + name
                            + ". See millrace stream group list."))
                    .groupId();
        }

        final String name() {
            return name;
        }

        final void print(final OutputOptions output, final String outcome, final long groupId) {
            output.print("Consumer group " + name + " of stream " + stream + outcome, json -> {
                json.writeStringField("stream", stream);
                json.writeStringField("group", name);
                json.writeNumberField("groupId", groupId);
            });
        }
    }

    /** Creates a group. */
    @Command(
            name = "create",
            description = "Creates a consumer group. One of this name and these settings is left as it is.",
            footer = {"", "Example:", "  millrace stream group create tape bars --from-latest"})
    static final class Create extends Action {

        @Option(
                names = "--lease",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description = "How long a member has its shards without a sign of life, for example 30s. Default: 10s.")
        private Long leaseNs;

        @Option(
                names = "--from-latest",
                description = "Begin behind the records that are there. Default: at the oldest that is kept.")
        private boolean fromLatest;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final GroupSettings settings =
                    new GroupSettings().start(fromLatest ? GroupStart.LATEST : GroupStart.HORIZON);
            if (leaseNs != null) {
                settings.leaseDurationNs(leaseNs);
            }
            final long groupId = server.streams().groups().create(streamId(server), name(), settings);
            print(output, " has id " + groupId + ".", groupId);
        }
    }

    /** Lists groups. */
    @Command(
            name = "list",
            description = "Lists the consumer groups of a stream in order of creation.",
            footer = {"", "Example:", "  millrace stream group list tape"})
    static final class ListGroups extends ServerAction {

        @Parameters(paramLabel = "STREAM", description = "Name of the stream.")
        private String stream;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long streamId = server.streams().lookUp(stream).streamId();
            final List<GroupName> groups = server.streams().groups().list(streamId);
            for (final GroupName group : groups) {
                output.print(String.format("%8d  %s", group.groupId(), group.name()), json -> {
                    json.writeStringField("stream", stream);
                    json.writeStringField("group", group.name());
                    json.writeNumberField("groupId", group.groupId());
                });
            }
            if (groups.isEmpty()) {
                output.printText("Stream " + stream + " has no consumer group.");
            }
        }
    }

    /** Shows a group. */
    @Command(
            name = "describe",
            description =
                    "Shows who has which shard of a consumer group, and how far it was read: a line for each shard.",
            footer = {"", "Example:", "  millrace stream group describe tape bars --json"})
    static final class Describe extends Action {

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final ConsumerGroups groups = server.streams().groups();
            final GroupInfo group = groups.describe(groupId(server));
            final Map<Long, String> members =
                    group.members().stream().collect(Collectors.toMap(MemberInfo::memberId, MemberInfo::name));
            output.printText("group " + group.name() + " (id " + group.groupId() + "), lease "
                    + DurationConverter.format(group.leaseDurationNs()) + ", from "
                    + CodeConverter.format(group.start()) + ": " + group.memberCount() + " members, "
                    + group.ownedCount() + " shards owned, " + group.freeCount() + " free, " + group.waitingCount()
                    + " waiting, " + group.drainedCount() + " drained");
            for (final LeaseInfo lease : groups.leases(group.groupId())) {
                final String member = members.getOrDefault(lease.memberId(), "");
                output.print(text(lease, member), json -> {
                    json.writeStringField("group", group.name());
                    json.writeNumberField("groupId", group.groupId());
                    json.writeNumberField("shardId", lease.shardId());
                    json.writeStringField("state", CodeConverter.format(lease.state()));
                    json.writeStringField("member", member);
                    json.writeStringField("nextMember", members.getOrDefault(lease.nextMemberId(), ""));
                    json.writeNumberField("checkpoint", lease.sequenceNumber());
                    json.writeNumberField("leaseEpoch", lease.leaseEpoch());
                });
            }
        }

        private static String text(final LeaseInfo lease, final String member) {
            return String.format(
                            "%8d  %-18s  checkpoint %d",
                            lease.shardId(), CodeConverter.format(lease.state()), lease.sequenceNumber())
                    + (member.isEmpty() ? "" : "  " + member);
        }
    }

    /** Deletes a group. */
    @Command(
            name = "delete",
            description = "Deletes a consumer group and its checkpoints.",
            footer = {"", "Example:", "  millrace stream group delete tape bars"})
    static final class Delete extends Action {

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long groupId = groupId(server);
            server.streams().groups().delete(groupId);
            print(output, " is deleted.", groupId);
        }
    }
}

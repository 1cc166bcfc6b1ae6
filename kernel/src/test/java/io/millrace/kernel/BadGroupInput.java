package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.DELETED_GROUP;
import static io.millrace.kernel.BadInputWorld.DELETED_STREAM;
import static io.millrace.kernel.BadInputWorld.GROUP;
import static io.millrace.kernel.BadInputWorld.MALLORY;
import static io.millrace.kernel.BadInputWorld.MEMBER_OF_MALLORY;
import static io.millrace.kernel.BadInputWorld.NEVER_THERE;
import static io.millrace.kernel.BadInputWorld.OPEN_MEMBER;
import static io.millrace.kernel.BadInputWorld.OPEN_SHARD;
import static io.millrace.kernel.BadInputWorld.OPEN_STREAM;
import static io.millrace.kernel.BadInputWorld.PRIVATE_GROUP;
import static io.millrace.kernel.BadInputWorld.PRIVATE_STREAM;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.GroupSupport.at;
import static io.millrace.kernel.GroupSupport.end;
import static io.millrace.kernel.Scenario.SECOND;

import io.millrace.codecs.GroupStart;
import io.millrace.kernel.BadInputTest.Row;
import io.millrace.kernel.GroupCommand.Progress;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong about consumer groups, their members and their leases. */
final class BadGroupInput {
    private static final long HOUR = 3_600 * SECOND;
    private static final String LONG_NAME = "n".repeat(257);

    private BadGroupInput() {}

    static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        for (final long stream : new long[] {NEVER_THERE, 0, -1, DELETED_STREAM}) {
            rows.add(new Row("stream " + stream, create(stream, SECOND, "g"), "UNKNOWN_STREAM"));
            rows.add(new Row("stream " + stream, new GroupCommand.ListGroups(1, stream, 0, 1), "UNKNOWN_STREAM"));
        }
        for (final long group : new long[] {NEVER_THERE, 0, -1, DELETED_GROUP}) {
            commandsOn(group).forEach(command -> rows.add(new Row("group " + group, command, "UNKNOWN_GROUP")));
        }
        for (final long member : new long[] {NEVER_THERE, 0, -1, MEMBER_OF_MALLORY}) {
            commandsOf(member).forEach(command -> rows.add(new Row("member " + member, command, "UNKNOWN_MEMBER")));
        }
        commandsOf(MEMBER_OF_MALLORY).stream()
                .filter(command ->
                        command instanceof GroupCommand.RenewLeases || command instanceof GroupCommand.Checkpoint)
                .forEach(command -> rows.add(shutOut(command)));
        rows.add(shutOut(create(PRIVATE_STREAM, SECOND, "g")));
        rows.add(shutOut(new GroupCommand.JoinGroup(1, PRIVATE_GROUP, "m")));
        rows.add(shutOut(new GroupCommand.DeleteGroup(1, NONE, PRIVATE_GROUP)));
        addRowsOfGroups(rows);
        addRowsOfLeases(rows);
        return rows;
    }

    private static Row shutOut(final Command command) {
        return new Row("not on the list", MALLORY, command, "NOT_AUTHORISED");
    }

    private static void addRowsOfGroups(final List<Row> rows) {
        rows.add(new Row("no name", create(OPEN_STREAM, SECOND, ""), "INVALID_NAME"));
        rows.add(new Row("a long name", create(OPEN_STREAM, SECOND, LONG_NAME), "LIMIT_EXCEEDED NAME_BYTES 256 257"));
        rows.add(new Row("a short lease", create(OPEN_STREAM, 1, "g"), "LIMIT_EXCEEDED LEASE_LEAST 100000000 1"));
        rows.add(new Row(
                "a long lease", create(OPEN_STREAM, HOUR + 1, "g"), "LIMIT_EXCEEDED LEASE " + HOUR + " " + (HOUR + 1)));
        rows.add(new Row(
                "no start",
                new GroupCommand.CreateGroup(1, NONE, OPEN_STREAM, SECOND, GroupStart.NULL_VAL, "g"),
                "INVALID_ARGUMENT 255"));
        rows.add(new Row("another lease", create(OPEN_STREAM, 2 * SECOND, "open"), "GROUP_EXISTS 1"));
        rows.add(new Row(
                "another start",
                new GroupCommand.CreateGroup(1, NONE, OPEN_STREAM, SECOND, GroupStart.LATEST, "open"),
                "GROUP_EXISTS 2"));
        rows.add(new Row("no name", new GroupCommand.JoinGroup(1, GROUP, ""), "INVALID_NAME"));
        rows.add(new Row(
                "a long name", new GroupCommand.JoinGroup(1, GROUP, LONG_NAME), "LIMIT_EXCEEDED NAME_BYTES 256 257"));
        rows.add(new Row(
                "an empty page", new GroupCommand.DescribeGroup(1, GROUP, 0, 0), "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(new Row(
                "an empty page",
                new GroupCommand.ListGroups(1, OPEN_STREAM, 0, 0),
                "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(new Row("a negative id", new GroupCommand.ListLeases(1, GROUP, -1, 1), "INVALID_ARGUMENT -1"));
    }

    private static void addRowsOfLeases(final List<Row> rows) {
        rows.add(new Row("no entry", checkpoint(), "EMPTY_BATCH"));
        rows.add(new Row("an old epoch", checkpoint(at(OPEN_SHARD, 0, 0)), "[0 LEASE_LOST]"));
        rows.add(new Row("an epoch to come", checkpoint(at(OPEN_SHARD, 2, 0)), "[0 LEASE_LOST]"));
        rows.add(new Row("no such shard", checkpoint(at(NEVER_THERE, 1, 0)), "[0 LEASE_LOST]"));
        rows.add(new Row("a shard of another stream", checkpoint(at(2, 1, 0)), "[0 LEASE_LOST]"));
        rows.add(new Row("no such record", checkpoint(at(OPEN_SHARD, 1, 1)), "[0 INVALID_ARGUMENT 1]"));
        rows.add(new Row("before all records", checkpoint(at(OPEN_SHARD, 1, -1)), "[0 INVALID_ARGUMENT -1]"));
        rows.add(new Row("an open shard", checkpoint(end(OPEN_SHARD, 1, 0)), "[0 SHARD_NOT_DRAINED]"));
        rows.add(new Row("an old epoch", new GroupCommand.ReleaseShard(1, OPEN_MEMBER, OPEN_SHARD, 0), "LEASE_LOST"));
        rows.add(new Row("no such shard", new GroupCommand.ReleaseShard(1, OPEN_MEMBER, NEVER_THERE, 1), "LEASE_LOST"));
    }

    private static Command create(final long stream, final long leaseNs, final String name) {
        return new GroupCommand.CreateGroup(1, NONE, stream, leaseNs, GroupStart.HORIZON, name);
    }

    private static Command checkpoint(final Progress... checkpoints) {
        return new GroupCommand.Checkpoint(1, OPEN_MEMBER, List.of(checkpoints));
    }

    private static List<Command> commandsOn(final long group) {
        return List.of(
                new GroupCommand.DeleteGroup(1, NONE, group),
                new GroupCommand.JoinGroup(1, group, "m"),
                new GroupCommand.DescribeGroup(1, group, 0, 1),
                new GroupCommand.ListLeases(1, group, 0, 1));
    }

    private static List<Command> commandsOf(final long member) {
        return List.of(
                new GroupCommand.LeaveGroup(1, member),
                new GroupCommand.RenewLeases(1, member),
                new GroupCommand.Checkpoint(1, member, List.of(at(OPEN_SHARD, 1, 0))),
                new GroupCommand.ReleaseShard(1, member, OPEN_SHARD, 1));
    }
}

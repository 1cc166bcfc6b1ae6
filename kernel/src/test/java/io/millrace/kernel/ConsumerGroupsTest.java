package io.millrace.kernel;

import static io.millrace.kernel.GroupSupport.LEASE_MS;
import static io.millrace.kernel.GroupSupport.at;
import static io.millrace.kernel.GroupSupport.end;
import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LimitId;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Consumer groups: who has which shard, and how far it was read. */
class ConsumerGroupsTest {
    /** Number of the first record. */
    private static final long FIRST = 1L << 40;

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    private final Scenario scenario = new Scenario(Limits.nativeProfile()
            .with(LimitId.GROUPS, 2)
            .with(LimitId.GROUP_MEMBERS, 3)
            .with(LimitId.MEMBERSHIPS, 2)
            .with(LimitId.LEASE, 100 * DAY_MS * Scenario.MS));
    private final StreamSupport streams = new StreamSupport(scenario);
    private final GroupSupport groups = new GroupSupport(scenario);

    /** A stream with a group that A, then B are members of, and nothing to be told. */
    private long groupOfTwo(final int shardCount) {
        final long group = groups.create(streams.create("tape", shardCount), "bars");
        groups.join(A, group, "a");
        groups.join(B, group, "b");
        scenario.forget();
        return group;
    }

    /** Lets the time pass, in steps in which A and B renew their leases as members 1 and 2. */
    private void passRenewing(final long millis) {
        for (long passed = 0; passed < millis; passed += LEASE_MS / 2) {
            groups.renew(A, 1);
            groups.renew(B, 2);
            scenario.pass(LEASE_MS / 2);
        }
    }

    @Test
    @Statement("G1")
    void shouldDivideTheShardsAndMoveAsFewAsThatTakes() {
        final long group = groups.create(streams.create("tape", 5), "bars");
        groups.join(A, group, "a");
        scenario.shouldTell(
                "A: confirmed 1",
                "A: member 1 has 1 epoch 1 from 0",
                "A: member 1 has 2 epoch 1 from 0",
                "A: member 1 has 3 epoch 1 from 0",
                "A: member 1 has 4 epoch 1 from 0",
                "A: member 1 has 5 epoch 1 from 0");
        groups.join(B, group, "b");
        scenario.shouldTell(
                "B: confirmed 2",
                "A: member 1 revoked 5 epoch 1 REQUESTED until 1000",
                "A: member 1 revoked 4 epoch 1 REQUESTED until 1000");
        groups.release(A, 1, 5, 1);
        groups.release(A, 1, 4, 1);
        groups.join(C, group, "c");
        scenario.shouldTell(
                "B: member 2 has 5 epoch 2 from 0",
                "A: confirmed",
                "B: member 2 has 4 epoch 2 from 0",
                "A: confirmed",
                "C: confirmed 3",
                "A: member 1 revoked 3 epoch 1 REQUESTED until 1000");
        groups.release(A, 1, 3, 1);
        groups.leave(B, 2);
        scenario.shouldTell(
                "C: member 3 has 3 epoch 2 from 0",
                "A: confirmed",
                "B: confirmed",
                "C: member 3 has 4 epoch 3 from 0",
                "A: member 1 has 5 epoch 3 from 0");
    }

    @Test
    @Statement("G1")
    void shouldGiveNewShardsToTheSmallestShare() {
        final long group = groups.create(streams.create("tape", 1), "bars");
        groups.join(A, group, "a");
        groups.join(B, group, "b");
        streams.create("other", 1);
        scenario.forget();
        streams.update(1, 2);
        streams.open();
        groups.checkpoint(A, 1, end(1, 1, 0));
        scenario.shouldTell(
                "A: confirmed", "A: confirmed", "A: member 1 has 3 epoch 1 from 0", "B: member 2 has 4 epoch 1 from 0");
        groups.describe(group);
        scenario.shouldTell("A: group 1 'bars' of 1 HORIZON lease=1000 waiting=0 free=0 owned=2 drained=1 "
                + "members=2[1 a shards=1 until 1000, 2 b shards=1 until 1000]");
    }

    @Test
    @Statement("G2")
    void shouldTakeAShardThatIsNotHandedOverInTime() {
        final long group = groupOfTwo(2);
        groups.leases(group);
        passRenewing(LEASE_MS / 2);
        scenario.shouldTell(
                "A: leases [1 OWNED 1 epoch 1 at 0, 2 OWNED 1>2 until 1000 epoch 1 at 0]",
                "A: confirmed",
                "B: confirmed");
        passRenewing(LEASE_MS / 2);
        scenario.shouldTell(
                "A: confirmed",
                "B: confirmed",
                "A: member 1 revoked 2 epoch 1 TAKEN",
                "B: member 2 has 2 epoch 2 from 0");
        groups.release(A, 1, 2, 1);
        scenario.shouldTell("A: refused LEASE_LOST");
    }

    @Test
    @Statement("G2")
    void shouldTakeARequestBackIfWhoWasToHaveTheShardLeaves() {
        groupOfTwo(2);
        groups.leave(B, 2);
        scenario.shouldTell("B: confirmed", "A: member 1 has 2 epoch 1 from 0");
        passRenewingA(2 * LEASE_MS);
        scenario.shouldTell("A: confirmed", "A: confirmed", "A: confirmed", "A: confirmed");
    }

    private void passRenewingA(final long millis) {
        for (long passed = 0; passed < millis; passed += LEASE_MS / 2) {
            groups.renew(A, 1);
            scenario.pass(LEASE_MS / 2);
        }
    }

    @Test
    @Statement("G2")
    void shouldRedirectAShardThatWasRequestedForSomebodyWhoLeaves() {
        final long group = groupOfTwo(6);
        groups.join(C, group, "c");
        scenario.shouldTell("C: confirmed 3", "A: member 1 revoked 3 epoch 1 REQUESTED until 1000");
        groups.leave(B, 2);
        groups.release(A, 1, 5, 1);
        scenario.shouldTell(
                "B: confirmed", "A: member 1 has 4 epoch 1 from 0", "C: member 3 has 5 epoch 2 from 0", "A: confirmed");
    }

    @Test
    @Statement("G3")
    void shouldFenceWhoHadAShardBefore() {
        streams.create("tape", 1);
        streams.put(1, "x", "y");
        final long group = groups.create(1, "bars");
        groups.join(A, group, "a");
        groups.checkpoint(A, 1, at(1, 1, FIRST));
        groups.join(B, group, "b");
        scenario.forget();
        groups.leave(A, 1);
        groups.join(A, group, "again");
        scenario.shouldTell("A: confirmed", "B: member 2 has 1 epoch 2 from 1.0", "A: confirmed 3");
        groups.checkpoint(A, 1, at(1, 1, FIRST + 1));
        groups.checkpoint(A, 3, at(1, 2, FIRST + 1));
        groups.checkpoint(B, 2, at(1, 1, FIRST + 1));
        scenario.shouldTell("A: refused UNKNOWN_MEMBER", "A: results [0 LEASE_LOST]", "B: results [0 LEASE_LOST]");
        groups.leases(group);
        groups.checkpoint(B, 2, at(1, 2, FIRST + 1));
        groups.leases(group);
        scenario.shouldTell(
                "A: leases [1 OWNED 2 epoch 2 at 1.0]", "B: confirmed", "A: leases [1 OWNED 2 epoch 2 at 1.1]");
    }

    @Test
    @Statement("G4")
    void shouldStoreCheckpointsThatNeverGoBack() {
        streams.create("tape", 1);
        streams.put(1, "x", "y", "z");
        final long group = groups.create(1, "bars");
        groups.join(A, group, "a");
        scenario.forget();
        groups.checkpoint(A, 1, at(1, 1, FIRST + 1));
        groups.checkpoint(A, 1, at(1, 1, FIRST + 1));
        groups.checkpoint(A, 1, at(1, 1, FIRST));
        groups.checkpoint(A, 1, at(1, 1, FIRST + 3));
        scenario.shouldTell(
                "A: confirmed", "A: confirmed", "A: results [0 CHECKPOINT_BEHIND]", "A: results [0 INVALID_ARGUMENT]");
        groups.release(A, 1, 1, 1);
        scenario.shouldTell("A: confirmed", "A: member 1 has 1 epoch 2 from 1.1");
    }

    @Test
    @Statement("G4")
    void shouldTakeTheCheckpointsOfACommandThatAreRight() {
        streams.create("tape", 2);
        streams.putEntries(1, StreamSupport.at(BigInteger.ZERO));
        final long group = groups.create(1, "bars");
        groups.join(A, group, "a");
        scenario.forget();
        groups.checkpoint(A, 1, at(2, 1, FIRST), at(1, 1, FIRST), at(2, 2, 0));
        groups.leases(group);
        scenario.shouldTell(
                "A: results [0 INVALID_ARGUMENT, 2 LEASE_LOST]",
                "A: leases [1 OWNED 1 epoch 1 at 1.0, 2 OWNED 1 epoch 1 at 0]");
    }

    @Test
    @Statement("G5")
    void shouldMoveTheShardsOfAMemberThatDoesNotRenew() {
        groupOfTwo(2);
        groups.release(A, 1, 2, 1);
        scenario.pass(LEASE_MS - 1);
        groups.renew(B, 2);
        scenario.shouldTell("B: member 2 has 2 epoch 2 from 0", "A: confirmed", "B: confirmed");
        scenario.pass(1);
        scenario.shouldTell("A: member 1 ended LEASE_OVER", "B: member 2 has 1 epoch 2 from 0");
        groups.renew(A, 1);
        groups.checkpoint(A, 1, at(1, 1, 0));
        scenario.shouldTell("A: refused UNKNOWN_MEMBER", "A: refused UNKNOWN_MEMBER");
    }

    @Test
    @Statement("G5")
    void shouldKeepTheShardsOfAClosedSessionUntilItsLeasesAreOver() {
        final long group = groupOfTwo(2);
        groups.release(A, 1, 2, 1);
        scenario.close(A);
        scenario.forget();
        groups.renew(B, 2);
        scenario.pass(LEASE_MS - 1);
        groups.renew(B, 2);
        scenario.shouldTell("B: confirmed", "B: confirmed");
        scenario.pass(1);
        scenario.shouldTell("B: member 2 has 1 epoch 2 from 0");
    }

    @Test
    @Statement("G6")
    void shouldGoOnAsTheMemberOfTheName() {
        final long group = groupOfTwo(4);
        groups.checkpoint(A, 1, at(1, 1, 0));
        scenario.close(A);
        scenario.open(A + 10);
        scenario.forget();
        groups.join(C, group, "a");
        scenario.shouldTell(
                "C: confirmed 1",
                "B: member 2 has 3 epoch 2 from 0",
                "B: member 2 has 4 epoch 2 from 0",
                "C: member 1 has 1 epoch 2 from 0",
                "C: member 1 has 2 epoch 2 from 0");
        groups.checkpoint(C, 1, at(1, 1, 0));
        groups.checkpoint(C, 1, at(1, 2, 0));
        groups.join(C, group, "a");
        scenario.shouldTell("C: results [0 LEASE_LOST]", "C: confirmed", "C: confirmed 1");
    }

    @Test
    @Statement("G6")
    void shouldPutOutASessionThatHadTheName() {
        final long group = groups.create(streams.create("tape", 1), "bars");
        groups.join(A, group, "a");
        scenario.forget();
        groups.join(B, group, "a");
        groups.checkpoint(A, 1, at(1, 2, 0));
        scenario.shouldTell(
                "A: member 1 ended TAKEN_OVER",
                "B: confirmed 1",
                "B: member 1 has 1 epoch 2 from 0",
                "A: refused UNKNOWN_MEMBER");
    }

    @Test
    @Statement("G6")
    void shouldKeepShardsThroughARestartOfTheServer() {
        final long group = groupOfTwo(1);
        scenario.passSilently(LEASE_MS / 2);
        scenario.kernel.boot(scenario.nowNs(), 2);
        scenario.workOff();
        scenario.open(A);
        scenario.open(B);
        groups.join(B, group, "b");
        groups.join(A, group, "a");
        scenario.shouldTell("B: confirmed 2", "A: confirmed 1", "A: member 1 has 1 epoch 2 from 0");
        scenario.pass(LEASE_MS / 2);
        scenario.shouldTell();
        scenario.pass(LEASE_MS / 2);
        scenario.shouldTell("A: member 1 ended LEASE_OVER", "B: member 2 ended LEASE_OVER");
    }

    @Test
    @Statement("G7")
    void shouldGiveChildrenWhenTheirParentIsDrained() {
        streams.create("tape", 1);
        streams.put(1, "x", "y");
        final long group = groups.create(1, "bars");
        groups.join(A, group, "a");
        streams.split(1, StreamSupport.END.shiftRight(1));
        streams.open();
        scenario.forget();
        groups.leases(group);
        groups.checkpoint(A, 1, end(1, 1, FIRST + 1));
        scenario.shouldTell(
                "A: leases [1 OWNED 1 epoch 1 at 0, 2 WAITING_FOR_PARENT epoch 0 at 0, 3 WAITING_FOR_PARENT epoch 0 at 0]",
                "A: confirmed",
                "A: member 1 has 2 epoch 1 from 0",
                "A: member 1 has 3 epoch 1 from 0");
        groups.checkpoint(A, 1, at(1, 1, FIRST + 1));
        scenario.shouldTell("A: results [0 LEASE_LOST]");
    }

    @Test
    @Statement("G7")
    void shouldGiveTheChildOfTwoWhenBothAreDrained() {
        final long group = groups.create(streams.create("tape", 2), "bars");
        groups.join(A, group, "a");
        streams.merge(1, 2);
        streams.open();
        scenario.forget();
        groups.checkpoint(A, 1, end(2, 1, 0));
        scenario.shouldTell("A: confirmed");
        groups.checkpoint(A, 1, end(1, 1, 0));
        scenario.shouldTell("A: confirmed", "A: member 1 has 3 epoch 1 from 0");
    }

    @Test
    @Statement("G7")
    void shouldGiveChildrenWhenTheirParentIsBeyondTheRetention() {
        streams.create("tape", 1);
        streams.put(1, "x");
        scenario.forget();
        groups.ask(1, "bars", 50 * DAY_MS, GroupStart.HORIZON);
        groups.join(A, 1, "a");
        streams.split(1, StreamSupport.END.shiftRight(1));
        streams.open();
        scenario.forget();
        scenario.pass(DAY_MS);
        scenario.shouldTell();
        scenario.pass(1);
        scenario.shouldTell(
                "A: member 1 revoked 1 epoch 1 EXPIRED",
                "A: member 1 has 2 epoch 1 from 0",
                "A: member 1 has 3 epoch 1 from 0");
    }

    @Test
    @Statement("G8")
    void shouldDrainAShardAtItsEndAlone() {
        streams.create("tape", 1);
        streams.put(1, "x", "y");
        final long group = groups.create(1, "bars");
        groups.join(A, group, "a");
        scenario.forget();
        groups.checkpoint(A, 1, end(1, 1, FIRST + 1));
        streams.split(1, StreamSupport.END.shiftRight(1));
        streams.open();
        groups.checkpoint(A, 1, end(1, 1, FIRST));
        scenario.shouldTell("A: results [0 SHARD_NOT_DRAINED]", "A: confirmed", "A: results [0 SHARD_NOT_DRAINED]");
    }

    @Test
    @Statement("G8")
    void shouldDrainAShardWhoseLastRecordsAreOutOfReach() {
        streams.create("tape", 1);
        streams.put(1, "x", "y");
        groups.ask(1, "bars", 50 * DAY_MS, GroupStart.HORIZON);
        groups.join(A, 1, "a");
        scenario.pass(HOUR_MS);
        streams.split(1, StreamSupport.END.shiftRight(1));
        streams.open();
        scenario.pass(DAY_MS - HOUR_MS);
        scenario.forget();
        groups.checkpoint(A, 1, end(1, 1, FIRST));
        scenario.pass(1);
        groups.checkpoint(A, 1, end(1, 1, FIRST));
        scenario.shouldTell(
                "A: results [0 SHARD_NOT_DRAINED]",
                "A: confirmed",
                "A: member 1 has 2 epoch 1 from 0",
                "A: member 1 has 3 epoch 1 from 0");
    }

    @Test
    @Statement("G9")
    void shouldBeginAtTheHorizonOrBehindWhatIsThere() {
        streams.create("tape", 2);
        streams.putEntries(1, StreamSupport.at(BigInteger.ZERO));
        streams.split(2, StreamSupport.END.subtract(BigInteger.TEN));
        streams.open();
        scenario.forget();
        groups.ask(1, "all", LEASE_MS, GroupStart.HORIZON);
        groups.ask(1, "new", LEASE_MS, GroupStart.LATEST);
        streams.putEntries(1, StreamSupport.at(BigInteger.ZERO));
        groups.leases(1);
        groups.leases(2);
        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "A: put 1:1.1",
                "A: leases [1 FREE epoch 0 at 0, 2 DRAINED epoch 0 at 0, 3 FREE epoch 0 at 0, 4 FREE epoch 0 at 0]",
                "A: leases [1 FREE epoch 0 at 1.0, 2 DRAINED epoch 0 at 0, 3 FREE epoch 0 at 0, 4 FREE epoch 0 at 0]");
    }

    @Test
    void shouldKeepGroupsApart() {
        streams.create("tape", 1);
        streams.put(1, "x");
        groups.create(1, "one");
        groups.create(1, "two");
        groups.join(A, 1, "a");
        groups.join(A, 2, "a");
        scenario.forget();
        groups.checkpoint(A, 1, at(1, 1, FIRST));
        groups.leases(1);
        groups.leases(2);
        scenario.shouldTell(
                "A: confirmed", "A: leases [1 OWNED 1 epoch 1 at 1.0]", "A: leases [1 OWNED 2 epoch 1 at 0]");
    }

    @Test
    @Statement("G10")
    void shouldEndWithItsDeletionOrThatOfTheStream() {
        streams.create("tape", 2);
        groups.create(1, "one");
        groups.create(1, "two");
        groups.join(A, 1, "a");
        groups.join(B, 2, "b");
        scenario.forget();
        groups.delete(1);
        groups.renew(A, 1);
        streams.delete(1);
        groups.renew(B, 2);
        scenario.workOff();
        scenario.shouldTell(
                "A: confirmed",
                "A: member 1 ended GROUP_DELETED",
                "A: refused UNKNOWN_MEMBER",
                "A: confirmed",
                "B: member 2 ended STREAM_DELETED",
                "B: refused UNKNOWN_MEMBER");
        scenario.pass(10 * LEASE_MS);
        scenario.shouldTell();
    }

    @Test
    @Statement("G10")
    void shouldLimitGroupsMembersAndMemberships() {
        streams.create("tape", 1);
        groups.create(1, "one");
        groups.create(1, "one");
        groups.create(1, "two");
        groups.ask(1, "three", LEASE_MS, GroupStart.HORIZON);
        scenario.shouldTell("A: refused LIMIT_EXCEEDED GROUPS limit=2 actual=3");
        groups.join(A, 1, "a");
        groups.join(A, 1, "b");
        scenario.forget();
        groups.join(A, 1, "c");
        groups.join(B, 1, "c");
        groups.join(B, 1, "d");
        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED MEMBERSHIPS limit=2 actual=3",
                "B: confirmed 3",
                "B: refused LIMIT_EXCEEDED GROUP_MEMBERS limit=3 actual=4");
        groups.list(1, 0, 1);
        groups.list(1, 1, 1);
        groups.describe(1, 1, 1);
        groups.leases(1, 1, 1);
        scenario.shouldTell(
                "A: groups [1 one] next=1",
                "A: groups [2 two]",
                "A: group 1 'one' of 1 HORIZON lease=1000 waiting=0 free=0 owned=1 drained=0 "
                        + "members=3[2 b shards=0 until 1000] next=2",
                "A: leases []");
    }
}

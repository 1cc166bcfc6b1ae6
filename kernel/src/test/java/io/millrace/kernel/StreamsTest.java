package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams as such. */
class StreamsTest {
    private static final long HOUR = 3_600 * Scenario.SECOND;

    private final Scenario scenario = new Scenario();
    private final StreamSupport streams = new StreamSupport(scenario);

    @Test
    void shouldCreateAStreamOnceWhoseShardsOpenLater() {
        streams.ask("tape", 2, Settings.NONE);
        streams.put(1, "too early");
        streams.ask("tape", 2, Settings.NONE);
        streams.ask("tape", 3, Settings.NONE);
        streams.ask("tape", 2, Settings.retaining(25 * HOUR));
        streams.ask("tape", 2, new Settings(null, 77L));
        streams.describe(1);
        assertEquals(List.of("open 1/1", "open 1/2", "await 1/2"), scenario.logs.drain());
        streams.open();
        streams.lookUp("tape");
        streams.describe(2);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused RESOURCE_IN_USE",
                "A: confirmed 1",
                "A: refused STREAM_EXISTS differs in 3",
                "A: refused STREAM_EXISTS differs in 1",
                "A: refused STREAM_EXISTS differs in 2",
                "A: stream 1 'tape' CREATING shards=0/2 records=0 bytes=0",
                "A: stream 1 'tape' ACTIVE shards=2/2 records=0 bytes=0",
                "A: refused UNKNOWN_STREAM");
    }

    @Test
    @Statement("K13")
    void shouldRefuseSettingsOutsideTheirLimits() {
        streams.ask("", 1, Settings.NONE);
        streams.ask("x".repeat(257), 1, Settings.NONE);
        streams.ask("one", 0, Settings.NONE);
        streams.ask("one", 10_001, Settings.NONE);
        streams.ask("one", 1, Settings.retaining(24 * HOUR - 1));
        streams.ask("one", 1, Settings.retaining(8_760 * HOUR + 1));
        streams.ask("one", 1, new Settings(null, 0L));
        streams.ask("one", 1, new Settings(null, 10L * 1024 * 1024 + 1));

        scenario.shouldTell(
                "A: refused INVALID_NAME",
                "A: refused LIMIT_EXCEEDED NAME_BYTES limit=256 actual=257",
                "A: refused INVALID_SETTING " + SettingName.of(3),
                "A: refused LIMIT_EXCEEDED SHARDS limit=10000 actual=10001",
                "A: refused LIMIT_EXCEEDED RECORD_RETENTION_LEAST limit=" + 24 * HOUR + " actual=" + (24 * HOUR - 1),
                "A: refused LIMIT_EXCEEDED RECORD_RETENTION limit=" + 8_760 * HOUR + " actual=" + (8_760 * HOUR + 1),
                "A: refused INVALID_SETTING " + SettingName.of(2),
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=10485760 actual=10485761");
    }

    @Test
    void shouldLimitStreams() {
        final Scenario limited = new Scenario(Limits.nativeProfile().with(LimitId.STREAMS, 1));
        final StreamSupport few = new StreamSupport(limited);
        few.create("one", 1);
        few.ask("two", 1, Settings.NONE);

        limited.shouldTell("A: refused LIMIT_EXCEEDED STREAMS limit=1 actual=2");
    }

    @Test
    void shouldMakeManyShardsInSlices() {
        scenario.forget();
        streams.ask("wide", 1_000, Settings.NONE);
        assertEquals(Kernel.SLICE, scenario.logs.drain().size());
        assertTrue(scenario.kernel.workPending());
        scenario.workOff();
        assertEquals(1_000 - Kernel.SLICE + 1, scenario.logs.drain().size());

        final RecordingLogs.Awaited awaited = scenario.logs.takeAwaited();
        scenario.kernel.shardsReady(scenario.nowNs(), awaited.streamId(), awaited.lastShardId());
        assertTrue(scenario.kernel.workPending());
        scenario.workOff();
        streams.describe(1);

        scenario.shouldTell("A: confirmed 1", "A: stream 1 'wide' ACTIVE shards=1000/1000 records=0 bytes=0");
    }

    @Test
    void shouldIgnoreWhatItDoesNotWaitFor() {
        streams.ask("tape", 2, Settings.NONE);
        scenario.kernel.shardsReady(scenario.nowNs(), 1, 1);
        scenario.kernel.shardsReady(scenario.nowNs(), 2, 2);
        scenario.kernel.shardsReady(scenario.nowNs(), 1, 0);
        streams.describe(1);
        streams.open();
        scenario.kernel.shardsReady(scenario.nowNs(), 1, 2);
        streams.describe(1);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: stream 1 'tape' CREATING shards=0/2 records=0 bytes=0",
                "A: stream 1 'tape' ACTIVE shards=2/2 records=0 bytes=0");
    }

    @Test
    void shouldAskForAllLogsAgainAtABoot() {
        final long tape = streams.create("tape", 2);
        streams.ask("other", 1, Settings.NONE);
        scenario.logs.drain();
        scenario.kernel.boot(scenario.nowNs(), 2);

        assertEquals(
                List.of("open " + tape + "/1", "open " + tape + "/2", "open 2/3", "await 2/3"), scenario.logs.drain());
    }

    @Test
    void shouldTellLogsAgainAtABootWhichShardsAreClosed() {
        final long tape = streams.create("tape", 2);
        streams.put(tape, "a", "b", "c", "d");
        streams.merge(1, 2);
        scenario.logs.drain();
        streams.open();
        final List<String> closed = scenario.logs.drain();
        scenario.kernel.boot(scenario.nowNs(), 2);

        assertEquals(List.of("close 1/1 after 1.2", "close 1/2 after 1.3"), closed);
        assertEquals(List.of(closed.get(0), closed.get(1), "open 1/3"), scenario.logs.drain());
    }

    @Test
    void shouldDeleteAStreamAtOnceAndItsShardsInSlices() {
        final long stream = streams.create("wide", 600);
        scenario.forget();
        streams.delete(stream);
        streams.put(stream, "late");
        streams.lookUp("wide");
        assertTrue(scenario.kernel.workPending());
        scenario.workOff();

        assertEquals(
                600,
                scenario.logs.drain().stream()
                        .filter(line -> line.startsWith("delete"))
                        .count());
        assertEquals(0, scenario.kernel.state().streams.shards.liveCount());
        assertEquals(0, scenario.kernel.state().streams.streams.liveCount());
        assertEquals(Long.MAX_VALUE, scenario.kernel.nextDeadlineNs());
        streams.ask("wide", 1, Settings.NONE);
        scenario.shouldTell("A: confirmed", "A: refused UNKNOWN_STREAM", "A: refused UNKNOWN_STREAM", "A: confirmed 2");
    }

    @Test
    void shouldDeleteAStreamWhoseShardsAreBeingMade() {
        streams.ask("wide", 1_000, Settings.NONE);
        streams.delete(1);
        scenario.workOff();

        assertFalse(scenario.kernel.workPending());
        assertEquals(0, scenario.kernel.state().streams.shards.liveCount());
        scenario.shouldTell("A: confirmed 1", "A: confirmed");
    }

    @Test
    void shouldListPageByPage() {
        streams.create("tape", 1);
        streams.create("quotes", 1);
        streams.create("tape-2", 1);
        scenario.forget();
        streams.list(0, 1, "tape");
        streams.list(1, 10, "tape");
        streams.list(0, 0, "");
        streams.list(-1, 1, "");

        scenario.shouldTell(
                "A: streams [1 tape] next=1",
                "A: streams [3 tape-2]",
                "A: refused LIMIT_EXCEEDED LIST_ENTRIES limit=1000 actual=0",
                "A: refused INVALID_ARGUMENT");
    }

    @Test
    void shouldKeepTagsAndAllowLists() {
        final long stream = streams.create("tape", 1);
        final StreamCommand.Iterator iterator = streams.iterator(1, io.millrace.codecs.ShardPosition.TRIM_HORIZON, 0);
        streams.tag(stream, "owner", "desk");
        streams.listTags(stream);
        streams.untag(stream, "owner");
        streams.listTags(stream);
        scenario.open(7, "alice");
        streams.protect(stream, new Command.AccessEntry(true, false, false, "alice"));
        streams.describeAccess(stream);
        streams.put(stream, "by nobody");
        streams.putAs(7, stream, new Put("by", "alice"));
        streams.getAs(7, iterator, 1, 1);
        streams.split(1, BigInteger.TEN);
        streams.update(stream, 2);
        streams.set(stream, Settings.NONE);
        streams.delete(stream);

        scenario.shouldTell(
                "A: confirmed",
                "A: tags [owner=desk]",
                "A: confirmed",
                "A: tags []",
                "A: confirmed",
                "A: access [AccessEntry[send=true, receive=false, manage=false, principal=alice]]",
                "A: refused NOT_AUTHORISED",
                "G: put 1:1.0",
                "G: refused NOT_AUTHORISED",
                "A: refused NOT_AUTHORISED",
                "A: refused NOT_AUTHORISED",
                "A: refused NOT_AUTHORISED",
                "A: refused NOT_AUTHORISED");
    }
}

package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.SECOND;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.AccessEntry;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.util.List;

/** Queues, receipts, topics and everything else that an operation can be asked wrongly about. Two worlds are the same. */
final class BadInputWorld {
    /** Somebody else than those that the receipts were given to, and whom no list names. */
    static final long MALLORY = 4;

    static final long STANDARD = 1;
    static final long FIFO = 2;
    static final long DEAD = 3;
    static final long SOURCE = 4;
    static final long PURGED = 5;
    static final long DELETED = 6;
    static final long PRIVATE = 7;
    static final long CLOSED = 8;
    static final long OTHER_DEAD = 9;
    static final long OTHER_SOURCE = 10;
    static final long NEVER_THERE = 99;

    static final long TOPIC = 1;
    static final long DELETED_TOPIC = 2;
    static final long FIFO_TOPIC = 3;
    static final long PRIVATE_TOPIC = 4;
    static final long SUBSCRIPTION = 1;
    static final long PRIVATE_SUBSCRIPTION = 2;
    static final long DELETED_STREAM = 1;
    static final long PRIVATE_STREAM = 2;
    static final long PRIVATE_SHARD = 2;
    static final long PUBLIC_STREAM = 3;
    static final long DELETED_GROUP = 1;
    static final long PRIVATE_GROUP = 2;
    static final long GROUP = 3;
    static final long OPEN_STREAM = 4;
    /** Of the private group, by session A. */
    static final long MEMBER = 1;

    /** Of the private group, by one whom the stream's list shuts out by now. */
    static final long MEMBER_OF_MALLORY = 2;

    /** Of the open group, by session A: it has the shards 5 and 6 under epoch 1. */
    static final long OPEN_MEMBER = 3;

    static final long OPEN_SHARD = 5;
    static final long PRIVATE_CONSUMER = 1;

    final Scenario scenario = new Scenario(Limits.nativeProfile()
            .with(LimitId.PURGE_INTERVAL, 60 * SECOND)
            .with(LimitId.DELETED_NAME_REST, 60 * SECOND)
            .with(LimitId.WATCHES, 1)
            .with(LimitId.WAITERS, 1)
            .with(LimitId.CONSUMERS, 1)
            .with(LimitId.TRANSFERS, 2)
            .with(LimitId.REDRIVE_TASKS, 1)
            .with(LimitId.REDRIVE_RATE, 500)
            .with(LimitId.TOPICS, 3)
            .with(LimitId.SUBSCRIPTIONS, 1)
            .with(LimitId.GROUPS, 2)
            .with(LimitId.GROUP_MEMBERS, 2));
    final Receipt held;
    final Receipt stale;
    final Receipt expired;
    final Receipt gone;
    final Receipt expiredOfFifo;
    final Receipt ofPurged;
    final Receipt ofDeleted;
    final Receipt forged;
    final long transfer;

    BadInputWorld() {
        final QueueSupport queues = new QueueSupport(scenario);
        scenario.open(MALLORY, "mallory");
        scenario.createQueue("standard");
        scenario.createQueue("fifo", SettingsBuilder.fifo().contentDeduplication(Switch.OFF));
        scenario.createQueue("dead");
        scenario.createQueue("source", SettingsBuilder.standard().deadLetters(DEAD, 1));
        scenario.createQueue("purged");
        scenario.createQueue("deleted");
        scenario.createQueue("private");
        queues.create("closed", Settings.NONE.with("redrivePermission", RedrivePermission.DENY_ALL));
        scenario.createQueue("other dead");
        scenario.createQueue("other source", SettingsBuilder.standard().deadLetters(OTHER_DEAD, 1));

        scenario.send(A, STANDARD, "stale", "expired", "gone", "held");
        scenario.receive(A, STANDARD, 2, 0L, 10L);
        scenario.receive(A, STANDARD, 2, 0L, 3_600_000L);
        sendAndReceiveFromFifo();
        scenario.forget();
        stale = scenario.receipt("stale");
        expired = scenario.receipt("expired");
        gone = scenario.receipt("gone");
        held = scenario.receipt("held");
        expiredOfFifo = scenario.receipt("expired of fifo");
        forged = new Receipt(held.slot(), held.generation(), held.deliveryNumber(), 0, ~held.tag());
        scenario.pass(10);
        scenario.receive(A, STANDARD, 1, 0L, 3_600_000L);
        scenario.acknowledge(A, STANDARD, gone);
        scenario.acknowledge(A, FIFO, scenario.receipt("attempted"));

        ofPurged = receiveOne(PURGED);
        queues.purge(A, PURGED);
        ofDeleted = receiveOne(DELETED);
        scenario.deleteQueue(A, DELETED);
        queues.protect(A, PRIVATE, new AccessEntry(true, true, true, "owner"));
        queues.watch(A, CLOSED, true);
        scenario.consume(A, CLOSED, 1, 1);
        scenario.receive(A, OTHER_SOURCE, 1, 3_600_000L, null);
        startRedrive();
        scenario.openProducer(A, 0);
        scenario.begin(A, STANDARD, null, 20);
        transfer = scenario.lastCorrelationId();
        subscribe(new TopicSupport(scenario));
        createStreams(new StreamSupport(scenario));
        scenario.append(A, 0, "\u0001\u0000\u0000\u0000\u0005");
        scenario.workOff();
        scenario.forget();
    }

    private void createStreams(final StreamSupport streams) {
        streams.delete(streams.create("deleted", 1));
        streams.create("private", 2);
        final GroupSupport groups = new GroupSupport(scenario);
        groups.delete(groups.create(PRIVATE_STREAM, "deleted"));
        groups.create(PRIVATE_STREAM, "private");
        groups.join(A, PRIVATE_GROUP, "of A");
        groups.join(MALLORY, PRIVATE_GROUP, "of mallory");
        scenario.workOff();
        groups.release(A, MEMBER, PRIVATE_SHARD, 1);
        scenario.workOff();
        streams.register(PRIVATE_STREAM, "bars");
        streams.protect(PRIVATE_STREAM, new AccessEntry(true, true, true, "owner"));
        streams.create("public", 1);
        final long open = streams.create("open", 2);
        groups.join(A, groups.create(open, "open"), "of A");
        scenario.workOff();
    }

    private void subscribe(final TopicSupport topics) {
        topics.create("trades");
        topics.delete(topics.create("deleted"));
        scenario.workOff();
        topics.create("orders", TopicSettings.fifo(Switch.OFF, QueueScope.NULL_VAL));
        topics.create("private");
        topics.subscribe(TOPIC, OTHER_DEAD, SubscriptionSettings.RAW);
        topics.subscribe(PRIVATE_TOPIC, STANDARD, SubscriptionSettings.NONE);
        topics.protect(PRIVATE_TOPIC, new AccessEntry(true, true, true, "owner"));
    }

    private void sendAndReceiveFromFifo() {
        scenario.sendPayloads(
                A,
                FIFO,
                null,
                Payload.of("expired of fifo").inGroup("g1").withDeduplicationId("1"),
                Payload.of("attempted").inGroup("g2").withDeduplicationId("2"));
        scenario.receive(A, FIFO, 1, 0L, 10L);
        scenario.apply(A, new Command.Receive(1_000_000, FIFO, 1, 0L, null, List.of(), "changed"));
    }

    private Receipt receiveOne(final long queue) {
        final String body = "of " + queue;
        scenario.send(A, queue, body);
        scenario.receive(A, queue, 1);
        scenario.forget();
        return scenario.receipt(body);
    }

    private void startRedrive() {
        scenario.send(A, SOURCE, "dead 1", "dead 2");
        scenario.receive(A, SOURCE, 2);
        scenario.forget();
        scenario.settle(A, SOURCE, Disposition.REJECT, null, scenario.receipt("dead 1"), scenario.receipt("dead 2"));
        scenario.startRedrive(A, DEAD, 0, 1);
    }

    /** Some command of each kind that names a queue, which is right if the queue is. */
    List<Command> commandsOn(final long queue) {
        final Producer nobody = Producer.NONE;
        final List<Receipt> receipts = List.of(held);
        return List.of(
                new Command.DeleteQueue(1, nobody, queue),
                new Command.SetQueueSettings(1, nobody, queue, Settings.NONE),
                new Command.PurgeQueue(1, nobody, queue),
                new Command.TagQueue(1, nobody, queue, List.of(new Command.Tag("key", "value"))),
                new Command.UntagQueue(1, nobody, queue, List.of("key")),
                new Command.SetQueueAccess(1, nobody, queue, List.of()),
                new Command.WatchQueue(1, queue, true),
                new Command.SendMessages(1, nobody, queue, List.of(new Command.Entry(null, Payload.of("x")))),
                new Command.BeginPayload(1, nobody, queue, null, 20),
                new Command.Receive(1, queue, 1, 0L, null),
                new Command.Consume(1, queue, 1, 1, null),
                new Command.StopConsuming(1, queue),
                new Command.Acknowledge(1, nobody, queue, receipts),
                new Command.DeleteMessages(1, nobody, queue, receipts),
                new Command.ChangeVisibility(1, nobody, queue, List.of(new Command.Change(held, 0))),
                new Command.SettleMessages(
                        1, nobody, queue, List.of(new Command.Settlement(held, null, Disposition.RELEASE))),
                new Command.StartRedrive(1, nobody, queue, 0, 0),
                new Command.SubscribeQueue(1, nobody, TOPIC, queue, SubscriptionSettings.NONE),
                new Command.DescribeQueue(1, queue),
                new Command.ListQueueTags(1, queue),
                new Command.DescribeQueueAccess(1, queue),
                new Command.ListDeadLetterSources(1, queue, 0, 1),
                new Command.ListRedrives(1, queue),
                new Command.BrowseMessages(1, queue, 0, 1, true, true, true));
    }

    /** What the session is told about a command, with everything that a sentence is made of. */
    String answer(final long sessionId, final Command command) {
        scenario.apply(sessionId, command);
        return answer();
    }

    /** What somebody is told about the last command. */
    String answer() {
        final List<RecordingEgress.Emitted> answers = scenario.egress.drain();
        return answers.size() == 1 ? text(answers.get(0).event()) : answers.toString();
    }

    private static String text(final Event event) {
        if (event instanceof Event.Refused refused) {
            return refused.code()
                    + limit(refused.limitId(), refused.limit(), refused.actual())
                    + (refused.entryIndex() < 0 ? "" : " entry " + refused.entryIndex());
        }
        if (event instanceof Event.EntryResults results) {
            return results.results().stream()
                    .map(result -> result.entryIndex() + " " + result.code()
                            + limit(result.limitId(), result.limit(), result.actual()))
                    .toList()
                    .toString();
        }
        return event.toString();
    }

    private static String limit(final LimitId limitId, final long limit, final long actual) {
        return limitId == LimitId.NONE && limit == 0
                ? actual == 0 ? "" : " " + actual
                : " " + limitId + " " + limit + " " + actual;
    }
}

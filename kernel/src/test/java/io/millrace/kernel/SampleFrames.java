package io.millrace.kernel;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.SessionCloseEncoder;
import io.millrace.codecs.SessionConnectEncoder;
import io.millrace.codecs.SessionKeepAliveEncoder;
import io.millrace.codecs.ShardCreditEncoder;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Change;
import io.millrace.kernel.Command.Entry;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Payload.Attribute;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** A valid frame or two of every template that a client may send, and a kernel in which they have an effect. */
final class SampleFrames {

    /** A frame and what it is. */
    record Sample(String name, byte[] frame) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final long TRANSFER = 70;
    private static final Payload PAYLOAD = Payload.of(
            "body",
            Attribute.text("side", "buy"),
            new Attribute(2, "price", "int", "-12.50"),
            new Attribute(3, "raw", "", "\u0000\u00FF"));

    private SampleFrames() {}

    /** Sessions, a queue with a message in every state, a consumer, a producer and a half-sent payload. */
    static Scenario furnished() {
        final Scenario scenario = new Scenario(Limits.nativeProfile()
                .with(LimitId.MESSAGES, 500)
                .with(LimitId.DELETED_NAME_REST, 10 * Scenario.SECOND));
        final long queue = scenario.createQueue("orders");
        scenario.openProducer(Scenario.A, 0, 5);
        scenario.send(Scenario.B, queue, "first", "second", "third", "fourth");
        scenario.sendDelayed(Scenario.B, queue, 50, "later");
        scenario.receive(Scenario.A, queue, 2);
        scenario.apply(Scenario.A, new Command.BeginPayload(TRANSFER, Producer.NONE, queue, null, PAYLOAD.length()));
        final long other = scenario.createQueueQuietly("other");
        scenario.consume(Scenario.A, other, 5, 500);
        final TopicSupport topics = new TopicSupport(scenario);
        final long topic = topics.create("trades");
        topics.subscribe(topic, other, Command.SubscriptionSettings.RAW);
        topics.subscribe(topic, queue, Command.SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}"));
        final StreamSupport streams = new StreamSupport(scenario);
        final long stream = streams.create("tape", 2);
        streams.subscribe(topic, stream, Command.SubscriptionSettings.RAW, "side");
        final GroupSupport groups = new GroupSupport(scenario);
        groups.join(Scenario.A, groups.create(stream, "bars"), "a member");
        streams.push(Scenario.B, streams.register(1, "bars"), 1);
        scenario.forget();
        return scenario;
    }

    static List<Sample> all() {
        final Scenario scenario = furnished();
        final Receipt first = scenario.receipt("first");
        final Receipt second = scenario.receipt("second");
        final Producer producer = new Producer(1, 1, 1);
        final List<Entry> entries = List.of(
                new Entry(null, PAYLOAD),
                new Entry(5 * Scenario.MS, Payload.of("")),
                new Entry(0L, Payload.of("plain")));
        final List<Command> commands = new ArrayList<>(List.of(
                new Command.SendMessages(21, Producer.NONE, 1, entries),
                new Command.SendMessages(22, producer, 1, entries.subList(0, 1)),
                new Command.CreateQueue(23, producer, "a queue", 5L, null, 7L, 9L),
                new Command.DeleteQueue(24, Producer.NONE, 1),
                new Command.BeginPayload(25, Producer.NONE, 1, 3L, 100),
                new Command.AppendPayload(TRANSFER, 0, "chunk of bytes"),
                new Command.CommitPayload(TRANSFER, Producer.NONE),
                new Command.Receive(26, 1, 3, 5L, 6L),
                new Command.Consume(27, 1, 10, 1000, 5L),
                new Command.StopConsuming(28, 2),
                new Command.Acknowledge(29, producer, 1, List.of(first, second)),
                new Command.DeleteMessages(30, Producer.NONE, 1, List.of(first, second)),
                new Command.ChangeVisibility(
                        31, Producer.NONE, 1, List.of(new Change(first, 0), new Change(second, 77))),
                new Command.SettleMessages(
                        36,
                        Producer.NONE,
                        1,
                        List.of(
                                new Command.Settlement(first, 5L, Disposition.RETRY),
                                new Command.Settlement(second, null, Disposition.RELEASE))),
                new Command.StartRedrive(37, Producer.NONE, 1, 2, 100),
                new Command.CancelRedrive(38, Producer.NONE, 1),
                new Command.ListRedrives(39, 1),
                new Command.OpenProducer(32, 1, 6),
                new Command.LookUpQueue(33, "orders"),
                new Command.DescribeQueue(34, 1),
                new Command.ListQueues(35, 0, 10, "o")));
        commands.addAll(queueCommands(producer));
        commands.addAll(topicCommands(producer));
        commands.addAll(streamCommands(producer));
        commands.addAll(groupCommands(producer));
        final List<Sample> samples = new ArrayList<>();
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        for (final Command command : commands) {
            final int length = new CommandWriter().write(buffer, 0, Scenario.A, command);
            samples.add(new Sample(
                    command.getClass().getSimpleName() + " " + command.correlationId(), copy(buffer, length)));
        }
        samples.addAll(sessionFrames());
        return samples;
    }

    private static List<Command> queueCommands(final Producer producer) {
        final Settings settings = Settings.NONE
                .with("deadLetterQueueId", 2L)
                .with("maxReceiveCount", 3L)
                .with("highDepth", 2L)
                .with("redrivePermission", RedrivePermission.BY_QUEUE)
                .with("redriveSources", List.of(1L, 2L));
        return List.of(
                new Command.CreateQueue(50, Producer.NONE, "full", settings),
                new Command.SetQueueSettings(51, producer, 1, settings),
                new Command.PurgeQueue(52, producer, 1),
                new Command.TagQueue(
                        53, producer, 1, List.of(new Command.Tag("key", "value"), new Command.Tag("other", ""))),
                new Command.UntagQueue(54, producer, 1, List.of("key", "nothing")),
                new Command.SetQueueAccess(
                        55, producer, 1, List.of(new Command.AccessEntry(true, false, true, "alice"))),
                new Command.WatchQueue(56, 1, true),
                new Command.ListQueueTags(57, 1),
                new Command.DescribeQueueAccess(58, 1),
                new Command.ListDeadLetterSources(59, 2, 0, 10),
                new Command.BrowseMessages(60, 1, 0, 3, true, true, false));
    }

    private static List<Command> topicCommands(final Producer producer) {
        final Command.SubscriptionSettings subscription = new Command.SubscriptionSettings(
                2L, Switch.OFF, FilterPolicyScope.MESSAGE_BODY, "{\"price\":[{\"numeric\":[\">\",1]},\"x\"]}");
        return List.of(
                new Command.CreateTopic(80, producer, "a topic", Command.TopicSettings.NONE),
                new Command.DeleteTopic(81, Producer.NONE, 1),
                new Command.SetTopicSettings(82, producer, 1, Command.TopicSettings.NONE),
                new Command.TagTopic(83, producer, 1, List.of(new Command.Tag("key", "value"))),
                new Command.UntagTopic(84, producer, 1, List.of("key", "nothing")),
                new Command.SetTopicAccess(
                        85, producer, 1, List.of(new Command.AccessEntry(true, false, true, "alice"))),
                new Command.SubscribeQueue(86, producer, 1, 1, subscription),
                new Command.Unsubscribe(87, Producer.NONE, 1),
                new Command.SubscribeSession(
                        97, producer, 1, subscription, Command.DeliveryPolicy.NONE, Switch.ON, "desk"),
                new Command.SetDeliveryPolicy(98, producer, 1, 0, Command.DeliveryPolicy.NONE),
                new Command.SetSubscription(88, producer, 1, subscription),
                new Command.PublishMessages(
                        89,
                        producer,
                        1,
                        false,
                        true,
                        List.of(
                                new Command.Published(PAYLOAD, "a subject"),
                                new Command.Published(
                                        Payload.of("plain"),
                                        "",
                                        List.of(new Command.ProtocolBody(2, "for sessions"))))),
                new Command.LookUpTopic(90, "trades"),
                new Command.DescribeTopic(91, 1),
                new Command.ListTopics(92, 0, 10, "t"),
                new Command.ListTopicTags(93, 1),
                new Command.DescribeTopicAccess(94, 1),
                new Command.DescribeSubscription(95, 1),
                new Command.ListSubscriptions(96, 1, 0, 10),
                new Command.BeginPublication(100, Producer.NONE, 1, true, 100),
                new Command.DeclareBlob(97, producer, new BlobReference(0, 10, 'x')),
                new Command.DescribeBlob(98, 1),
                new Command.ListBlobs(99, 0, 10));
    }

    private static List<Command> streamCommands(final Producer producer) {
        final StreamCommand.Settings settings = new StreamCommand.Settings(48L * 3_600 * Scenario.SECOND, 1_000L);
        final StreamCommand.Iterator iterator =
                new StreamCommand.Iterator(1, ShardPosition.AT_SEQUENCE_NUMBER, 0, Scenario.START_NS);
        return List.of(
                new StreamCommand.CreateStream(100, producer, "a stream", 3, settings),
                new StreamCommand.DeleteStream(101, Producer.NONE, 1),
                new StreamCommand.SetStreamSettings(102, producer, 1, settings),
                new StreamCommand.TagStream(103, producer, 1, List.of(new Command.Tag("key", "value"))),
                new StreamCommand.UntagStream(104, producer, 1, List.of("key", "nothing")),
                new StreamCommand.SetStreamAccess(
                        105, producer, 1, List.of(new Command.AccessEntry(true, false, true, "alice"))),
                new StreamCommand.PutRecords(
                        106,
                        producer,
                        1,
                        List.of(
                                new StreamCommand.Put("key", "data"),
                                new StreamCommand.Put(BigInteger.TEN, "other", ""))),
                new StreamCommand.BeginRecord(119, Producer.NONE, 1, 100),
                new StreamCommand.GetRecords(107, iterator, 10, 1_000),
                new StreamCommand.SplitShard(108, producer, 1, BigInteger.TEN),
                new StreamCommand.MergeShards(109, producer, 1, 2),
                new StreamCommand.UpdateShardCount(110, producer, 1, 4),
                new StreamCommand.SubscribeStream(
                        118, producer, 1, 1, Command.SubscriptionSettings.NONE.withPolicy("{\"a\":[1]}"), "side"),
                new StreamCommand.RegisterStreamConsumer(119, producer, 1, "bars"),
                new StreamCommand.DeregisterStreamConsumer(120, producer, 1),
                new StreamCommand.SubscribeToShard(121, 1, 1, ShardPosition.LATEST, 0, 1_000),
                new StreamCommand.UnsubscribeFromShard(122, 1, 1),
                new StreamCommand.DescribeStreamConsumer(123, 1),
                new StreamCommand.ListStreamConsumers(124, 1, 0, 10),
                new StreamCommand.LookUpStream(111, "tape"),
                new StreamCommand.DescribeStream(112, 1),
                new StreamCommand.ListStreams(113, 0, 10, "t"),
                new StreamCommand.ListStreamTags(114, 1),
                new StreamCommand.DescribeStreamAccess(115, 1),
                new StreamCommand.ListShards(116, 1, 0, 0, ShardFilter.AT_LATEST, 0, 10),
                new StreamCommand.GetShardIterator(117, 1, ShardPosition.LATEST, 0));
    }

    private static List<Command> groupCommands(final Producer producer) {
        return List.of(
                new GroupCommand.CreateGroup(120, producer, 1, Scenario.SECOND, GroupStart.LATEST, "a group"),
                new GroupCommand.DeleteGroup(121, Producer.NONE, 1),
                new GroupCommand.JoinGroup(122, 1, "another member"),
                new GroupCommand.LeaveGroup(123, 1),
                new GroupCommand.RenewLeases(124, 1),
                new GroupCommand.Checkpoint(125, 1, List.of(GroupSupport.at(1, 1, 0), GroupSupport.end(2, 1, 0))),
                new GroupCommand.ReleaseShard(126, 1, 1, 1),
                new GroupCommand.DescribeGroup(127, 1, 0, 10),
                new GroupCommand.ListGroups(128, 1, 0, 10),
                new GroupCommand.ListLeases(129, 1, 0, 10));
    }

    private static List<Sample> sessionFrames() {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final SessionConnectEncoder connect = new SessionConnectEncoder().wrapAndApplyHeader(buffer, 0, header);
        connect.correlationId(1)
                .responseStreamId(2)
                .responseChannel("aeron:ipc?session-id=3")
                .clientName("a client")
                .putCredentials(new byte[] {1, 2, 3}, 0, 3);
        final byte[] connectFrame = seal(buffer, header, connect.encodedLength());
        final SessionCloseEncoder close = new SessionCloseEncoder().wrapAndApplyHeader(buffer, 0, header);
        final byte[] closeFrame = seal(buffer, header, close.sessionId(1).encodedLength());
        final SessionKeepAliveEncoder keepAlive = new SessionKeepAliveEncoder().wrapAndApplyHeader(buffer, 0, header);
        final byte[] keepAliveFrame =
                seal(buffer, header, keepAlive.sessionId(1).encodedLength());
        final ShardCreditEncoder credit = new ShardCreditEncoder().wrapAndApplyHeader(buffer, 0, header);
        final byte[] creditFrame = seal(
                buffer,
                header,
                credit.sessionId(1).subscriptionId(121).bytes(10).encodedLength());
        return List.of(
                new Sample("ShardCredit", creditFrame),
                new Sample("SessionConnect", connectFrame),
                new Sample("SessionClose", closeFrame),
                new Sample("SessionKeepAlive", keepAliveFrame));
    }

    private static byte[] seal(
            final ExpandableArrayBuffer buffer, final MessageHeaderEncoder header, final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.wrap(buffer, 0).messageLength(length).frameSequence(0);
        return copy(buffer, length);
    }

    private static byte[] copy(final ExpandableArrayBuffer buffer, final int length) {
        final byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return frame;
    }
}

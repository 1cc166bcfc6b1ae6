package io.millrace.server;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.AppendPayloadEncoder;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CommitPayloadEncoder;
import io.millrace.codecs.ConsumeEncoder;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.DescribeQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.SessionCloseEncoder;
import io.millrace.codecs.SessionConnectEncoder;
import io.millrace.codecs.SessionKeepAliveEncoder;
import io.millrace.codecs.Switch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/** A client made of codecs and Aeron alone, on the thread of the server it talks to; it can also say what no client should. */
final class RawClient implements AutoCloseable {

    static final int STREAM_ID = 2001;

    /** A payload without attributes: group header and length in front of the body, three empty texts behind it. */
    static final int PAYLOAD_BODY_OFFSET = 8;

    static final int PAYLOAD_OVERHEAD = PAYLOAD_BODY_OFFSET + 6;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    final List<Event> events = new ArrayList<>();
    long sessionId;
    long correlationId = 1;

    /** Whether output is read while input is refused, as a good client does. */
    boolean isPolling = true;

    final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(128 * 1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TestServer server;
    private final Aeron aeron;
    private final Subscription subscription;
    private final String responseChannel;
    private final FragmentAssembler assembler;
    private ExclusivePublication publication;

    RawClient(final TestServer server) {
        this(server, "aeron:ipc", "aeron:ipc?session-id=");
    }

    RawClient(final TestServer server, final String ingressChannel, final String egressPrefix) {
        this.server = server;
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(server.aeronDir())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(server.driverInvoker())
                .clientLock(NoOpLock.INSTANCE)
                .errorHandler(server::onClientError));
        subscription = aeron.addSubscription(egressPrefix + aeron.nextSessionId(STREAM_ID), STREAM_ID);
        final String resolved = subscription.tryResolveChannelEndpointPort();
        responseChannel = resolved == null ? subscription.channel() : resolved;
        publication = aeron.addExclusivePublication(ingressChannel, 1001);
        final EgressReader reader = new EgressReader();
        assembler = new FragmentAssembler((b, o, l, h) -> reader.read(b, o, l, events));
        server.add(this);
        server.crankUntil("the ingress is connected", () -> publication.isConnected());
    }

    int doWork() {
        return aeron.conductorAgentInvoker().invoke();
    }

    int poll() {
        return subscription.poll(assembler, 100);
    }

    ExclusivePublication publication() {
        return publication;
    }

    boolean isEgressConnected() {
        return subscription.imageCount() > 0;
    }

    RawClient connect() {
        sendConnect(responseChannel);
        final Event event = await("the session", e -> e.type().equals("SessionEvent"));
        if (event.code() != ResultCode.OK) {
            throw new AssertionError("no session: " + event);
        }
        sessionId = event.value();
        return this;
    }

    void sendConnect(final String channel) {
        final SessionConnectEncoder connect = new SessionConnectEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId++)
                .responseStreamId(STREAM_ID)
                .responseChannel(channel)
                .clientName("raw")
                .putCredentials(new byte[0], 0, 0);
        offer(connect.encodedLength());
    }

    String responseChannel() {
        return responseChannel;
    }

    long createQueue(final String name, final long visibilityTimeoutNs) {
        final CreateQueueEncoder command = new CreateQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(command.command());
        defaults(command.settings()).visibilityTimeoutNs(visibilityTimeoutNs);
        command.redriveSourcesCount(0);
        command.name(name);
        offer(command.encodedLength());
        return await("queue " + name, e -> e.type().equals("Confirmed") && e.correlationId() == id)
                .value();
    }

    /** Asks for the default of every setting. */
    static QueueSettingsEncoder defaults(final QueueSettingsEncoder settings) {
        return settings.visibilityTimeoutNs(QueueSettingsEncoder.visibilityTimeoutNsNullValue())
                .delayNs(QueueSettingsEncoder.delayNsNullValue())
                .receiveWaitNs(QueueSettingsEncoder.receiveWaitNsNullValue())
                .retentionNs(QueueSettingsEncoder.retentionNsNullValue())
                .deadLetterQueueId(QueueSettingsEncoder.deadLetterQueueIdNullValue())
                .backoffDelayNs(QueueSettingsEncoder.backoffDelayNsNullValue())
                .backoffMaxNs(QueueSettingsEncoder.backoffMaxNsNullValue())
                .highDepth(QueueSettingsEncoder.highDepthNullValue())
                .lowDepth(QueueSettingsEncoder.lowDepthNullValue())
                .highAgeNs(QueueSettingsEncoder.highAgeNsNullValue())
                .lowAgeNs(QueueSettingsEncoder.lowAgeNsNullValue())
                .maxMessageBytes(QueueSettingsEncoder.maxMessageBytesNullValue())
                .maxReceiveCount(QueueSettingsEncoder.maxReceiveCountNullValue())
                .queueType(QueueType.NULL_VAL)
                .contentDeduplication(Switch.NULL_VAL)
                .deduplicationScope(QueueScope.NULL_VAL)
                .throughputScope(QueueScope.NULL_VAL)
                .redrivePermission(RedrivePermission.NULL_VAL)
                .backoff(Backoff.NULL_VAL)
                .priorities(QueueSettingsEncoder.prioritiesNullValue())
                .reserved((short) 0);
    }

    long send(final long queueId, final String body) {
        return send(queueId, body.getBytes(StandardCharsets.UTF_8));
    }

    long send(final long queueId, final byte[] body) {
        final SendMessagesEncoder command = new SendMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(command.command());
        command.queueId(queueId).flags().clear();
        final SendMessagesEncoder.MessagesEncoder message = command.messagesCount(1)
                .next()
                .delayNs(SendMessagesEncoder.MessagesEncoder.delayNsNullValue())
                .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                .priority((short) 0);
        message.attributesCount(0);
        message.putBody(body, 0, body.length);
        message.groupId("").deduplicationId("").traceHeader("");
        offer(command.encodedLength());
        return id;
    }

    long consume(final long queueId, final long messages, final long bytes) {
        final ConsumeEncoder command = new ConsumeEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(command.command());
        command.queueId(queueId)
                .visibilityTimeoutNs(ConsumeEncoder.visibilityTimeoutNsNullValue())
                .creditMessages(messages)
                .creditBytes(bytes);
        offer(command.encodedLength());
        return id;
    }

    long receive(final long queueId, final int max, final long waitNs) {
        final ReceiveEncoder command = new ReceiveEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(command.command());
        command.queueId(queueId)
                .waitNs(waitNs)
                .visibilityTimeoutNs(ReceiveEncoder.visibilityTimeoutNsNullValue())
                .maxMessages(max);
        command.attributeNamesCount(0);
        command.attemptId("");
        offer(command.encodedLength());
        return id;
    }

    long acknowledge(final long queueId, final byte[]... receipts) {
        final AcknowledgeEncoder command = new AcknowledgeEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(command.command());
        command.queueId(queueId);
        final AcknowledgeEncoder.ReceiptsEncoder group = command.receiptsCount(receipts.length);
        for (final byte[] receipt : receipts) {
            buffer.putBytes(group.next().receipt().offset(), receipt);
        }
        offer(command.encodedLength());
        return id;
    }

    long describe(final long queueId) {
        final DescribeQueueEncoder query = new DescribeQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = correlationId++;
        query.query().sessionId(sessionId).correlationId(id);
        query.queueId(queueId);
        offer(query.encodedLength());
        return id;
    }

    long sendLarge(final long queueId, final byte[] body, final int chunkLength) {
        final byte[] payload = new byte[PAYLOAD_OVERHEAD + body.length];
        final UnsafeBuffer wrapped = new UnsafeBuffer(payload);
        wrapped.putShort(0, (short) 1);
        wrapped.putInt(4, body.length);
        wrapped.putBytes(PAYLOAD_BODY_OFFSET, body);
        final BeginPayloadEncoder begin = new BeginPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
        final long id = command(begin.command());
        begin.queueId(queueId)
                .delayNs(BeginPayloadEncoder.delayNsNullValue())
                .scheduledTimeNs(BeginPayloadEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(BeginPayloadEncoder.timeToLiveNsNullValue())
                .payloadLength(payload.length)
                .priority((short) 0)
                .flags()
                .clear();
        offer(begin.encodedLength());
        for (int at = 0; at < payload.length; at += chunkLength) {
            final AppendPayloadEncoder append = new AppendPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
            correlationId = id;
            command(append.command());
            append.payloadOffset(at).putChunk(payload, at, Math.min(chunkLength, payload.length - at));
            offer(append.encodedLength());
        }
        final CommitPayloadEncoder commit = new CommitPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
        correlationId = id;
        command(commit.command());
        offer(commit.encodedLength());
        return id;
    }

    void keepAlive() {
        offer(new SessionKeepAliveEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .encodedLength());
    }

    void closeSession() {
        offer(new SessionCloseEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .encodedLength());
    }

    /** Sets length and offers what is in the buffer. */
    void offer(final int bodyLength) {
        header.wrap(buffer, 0).messageLength(HEADER + bodyLength).frameSequence(0);
        offerRaw(HEADER + bodyLength);
    }

    /** Offers the first bytes of the buffer as they are. */
    void offerRaw(final int length) {
        server.crankUntil("a frame is accepted", () -> {
            if (isPolling) {
                poll();
            }
            return publication.offer(buffer, 0, length) > 0;
        });
    }

    Event await(final String what, final Predicate<Event> predicate) {
        server.crankUntil(what + ", having got " + tail(), () -> {
            poll();
            return events.stream().anyMatch(predicate);
        });
        return events.stream().filter(predicate).findFirst().orElseThrow();
    }

    List<Event> awaitCount(final String type, final int count) {
        server.crankUntil(count + " of " + type + ", having got " + tail(), () -> {
            poll();
            return all(type).size() >= count;
        });
        return all(type);
    }

    List<Event> all(final String type) {
        return events.stream().filter(e -> e.type().equals(type)).toList();
    }

    /** What the server publishes about itself. */
    long counter(final ServerCounters.Id id) {
        final CountersReader counters = aeron.countersReader();
        for (int i = 0; i <= counters.maxCounterId(); i++) {
            if (counters.getCounterState(i) == CountersReader.RECORD_ALLOCATED
                    && counters.getCounterTypeId(i) == id.typeId()) {
                return counters.getCounterValue(i);
            }
        }
        throw new AssertionError("no counter " + id);
    }

    private String tail() {
        return events.subList(Math.max(0, events.size() - 5), events.size()).toString();
    }

    long command(final CommandHeaderEncoder command) {
        final long id = correlationId++;
        command.sessionId(sessionId)
                .correlationId(id)
                .producerId(0)
                .producerSequence(0)
                .producerEpoch(0)
                .reserved(0);
        return id;
    }

    @Override
    public void close() {
        server.remove(this);
        aeron.close();
    }
}

package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.BrowseEndDecoder;
import io.millrace.codecs.BrowsedMessageDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.QueueAccessDecoder;
import io.millrace.codecs.QueueAlarmDecoder;
import io.millrace.codecs.QueueTagsDecoder;
import io.millrace.codecs.RedriveListDecoder;
import io.millrace.codecs.SendResultsDecoder;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Decodes what a session is told of sends to FIFO queues and of the queues themselves. */
final class QueueEventReader {

    private final TopicEventReader topics = new TopicEventReader();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** Hands on the event; returns the length of the message. */
    int read(final int templateId, final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final int encodedLength = switch (templateId) {
            case SendResultsDecoder.TEMPLATE_ID -> sendResults(buffer, offset, events);
            case QueueTagsDecoder.TEMPLATE_ID -> queueTags(buffer, offset, events);
            case BrowsedMessageDecoder.TEMPLATE_ID -> browsedMessage(buffer, offset, events);
            case BrowseEndDecoder.TEMPLATE_ID -> browseEnd(buffer, offset, events);
            case QueueAlarmDecoder.TEMPLATE_ID -> queueAlarm(buffer, offset, events);
            case QueueAccessDecoder.TEMPLATE_ID -> queueAccess(buffer, offset, events);
            case RedriveListDecoder.TEMPLATE_ID -> redriveList(buffer, offset, events);
            default -> topics.read(templateId, buffer, offset, events);
        };
        return MessageHeaderDecoder.ENCODED_LENGTH + encodedLength;
    }

    private int sendResults(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final SendResultsDecoder decoder = new SendResultsDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Event.SendResult> results = new ArrayList<>();
        for (final SendResultsDecoder.ResultsDecoder result : decoder.results()) {
            results.add(new Event.SendResult(
                    result.messageId(),
                    result.sequenceNumber(),
                    result.code(),
                    result.limitId(),
                    result.limitValue(),
                    result.actualValue(),
                    result.duplicate() == Switch.ON));
        }
        events.accept(new Event.SendResults(decoder.correlationId(), results));
        return decoder.encodedLength();
    }

    private int queueTags(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final QueueTagsDecoder decoder = new QueueTagsDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Command.Tag> tags = new ArrayList<>();
        for (final QueueTagsDecoder.TagsDecoder tag : decoder.tags()) {
            final byte[] key = new byte[tag.keyLength()];
            tag.getKey(key, 0, key.length);
            final byte[] value = new byte[tag.valueLength()];
            tag.getValue(value, 0, value.length);
            tags.add(new Command.Tag(chars(key), chars(value)));
        }
        events.accept(new Event.QueueTags(decoder.correlationId(), decoder.queueId(), tags));
        return decoder.encodedLength();
    }

    private int browsedMessage(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final BrowsedMessageDecoder decoder = new BrowsedMessageDecoder().wrapAndApplyHeader(buffer, offset, header);
        final byte[] content = new byte[decoder.contentLength()];
        decoder.getContent(content, 0, content.length);
        events.accept(new Event.BrowsedMessage(
                decoder.correlationId(),
                decoder.messageId(),
                decoder.sequenceNumber(),
                decoder.sentTimeNs(),
                decoder.arrivedTimeNs(),
                decoder.visibleTimeNs(),
                decoder.holderSessionId(),
                decoder.deadLetterSourceId(),
                decoder.receiveCount(),
                decoder.failedCount(),
                decoder.payloadLength(),
                decoder.status(),
                decoder.priority(),
                chars(content)));
        return decoder.encodedLength();
    }

    private int browseEnd(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final BrowseEndDecoder decoder = new BrowseEndDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.BrowseEnd(decoder.correlationId(), decoder.nextCursor(), decoder.messageCount()));
        return decoder.encodedLength();
    }

    private int queueAlarm(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final QueueAlarmDecoder decoder = new QueueAlarmDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.QueueAlarm(decoder.queueId(), decoder.timeNs(), decoder.value(), decoder.kind()));
        return decoder.encodedLength();
    }

    private int queueAccess(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final QueueAccessDecoder decoder = new QueueAccessDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Command.AccessEntry> entries = new ArrayList<>();
        for (final QueueAccessDecoder.EntriesDecoder entry : decoder.entries()) {
            final boolean send = entry.permissions().send();
            final boolean receive = entry.permissions().receive();
            final boolean manage = entry.permissions().manage();
            final byte[] principal = new byte[entry.principalLength()];
            entry.getPrincipal(principal, 0, principal.length);
            entries.add(new Command.AccessEntry(send, receive, manage, chars(principal)));
        }
        events.accept(new Event.QueueAccess(decoder.correlationId(), decoder.queueId(), entries));
        return decoder.encodedLength();
    }

    private int redriveList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final RedriveListDecoder decoder = new RedriveListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Event.RedriveTask> tasks = new ArrayList<>();
        for (final RedriveListDecoder.TasksDecoder task : decoder.tasks()) {
            tasks.add(new Event.RedriveTask(
                    task.taskId(),
                    task.destinationQueueId(),
                    task.startedTimeNs(),
                    task.movedCount(),
                    task.toMoveCount(),
                    task.messagesPerSecond(),
                    task.status()));
        }
        events.accept(new Event.RedriveList(decoder.correlationId(), decoder.queueId(), tasks));
        return decoder.encodedLength();
    }

    private static String chars(final byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}

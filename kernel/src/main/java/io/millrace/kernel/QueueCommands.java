package io.millrace.kernel;

import io.millrace.codecs.CancelRedriveDecoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeleteQueueDecoder;
import io.millrace.codecs.PurgeQueueDecoder;
import io.millrace.codecs.SetQueueAccessDecoder;
import io.millrace.codecs.SetQueueSettingsDecoder;
import io.millrace.codecs.StartRedriveDecoder;
import io.millrace.codecs.TagQueueDecoder;
import io.millrace.codecs.UntagQueueDecoder;
import io.millrace.codecs.WatchQueueDecoder;
import org.agrona.DirectBuffer;

/** Decodes the commands that make, change and end queues. */
final class QueueCommands {
    private final Queues queues;
    private final Tags tags;
    private final Access access;
    private final Watches watches;
    private final Redrives redrives;
    private final CreateQueueDecoder createQueue = new CreateQueueDecoder();
    private final DeleteQueueDecoder deleteQueue = new DeleteQueueDecoder();
    private final PurgeQueueDecoder purgeQueue = new PurgeQueueDecoder();
    private final TagQueueDecoder tagQueue = new TagQueueDecoder();
    private final UntagQueueDecoder untagQueue = new UntagQueueDecoder();
    private final StartRedriveDecoder startRedrive = new StartRedriveDecoder();
    private final CancelRedriveDecoder cancelRedrive = new CancelRedriveDecoder();
    private final SetQueueAccessDecoder setQueueAccess = new SetQueueAccessDecoder();
    private final WatchQueueDecoder watchQueue = new WatchQueueDecoder();
    private final SetQueueSettingsDecoder setQueueSettings = new SetQueueSettingsDecoder();

    QueueCommands(
            final Queues queues, final Tags tags, final Access access, final Watches watches, final Redrives redrives) {
        this.queues = queues;
        this.tags = tags;
        this.access = access;
        this.watches = watches;
        this.redrives = redrives;
    }

    void execute(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case CreateQueueDecoder.TEMPLATE_ID ->
                queues.create(
                        request,
                        createQueue.wrap(
                                buffer, body, CreateQueueDecoder.BLOCK_LENGTH, CreateQueueDecoder.SCHEMA_VERSION));
            case DeleteQueueDecoder.TEMPLATE_ID ->
                queues.delete(
                        request,
                        deleteQueue
                                .wrap(buffer, body, DeleteQueueDecoder.BLOCK_LENGTH, DeleteQueueDecoder.SCHEMA_VERSION)
                                .queueId());
            case SetQueueSettingsDecoder.TEMPLATE_ID ->
                queues.set(
                        request,
                        setQueueSettings.wrap(
                                buffer,
                                body,
                                SetQueueSettingsDecoder.BLOCK_LENGTH,
                                SetQueueSettingsDecoder.SCHEMA_VERSION));
            case PurgeQueueDecoder.TEMPLATE_ID ->
                queues.purge(
                        request,
                        purgeQueue
                                .wrap(buffer, body, PurgeQueueDecoder.BLOCK_LENGTH, PurgeQueueDecoder.SCHEMA_VERSION)
                                .queueId());
            case StartRedriveDecoder.TEMPLATE_ID ->
                redrives.start(
                        request,
                        startRedrive.wrap(
                                buffer, body, StartRedriveDecoder.BLOCK_LENGTH, StartRedriveDecoder.SCHEMA_VERSION));
            case CancelRedriveDecoder.TEMPLATE_ID ->
                redrives.cancel(
                        request,
                        cancelRedrive
                                .wrap(
                                        buffer,
                                        body,
                                        CancelRedriveDecoder.BLOCK_LENGTH,
                                        CancelRedriveDecoder.SCHEMA_VERSION)
                                .taskId());
            default -> executeForOperators(request, templateId, buffer, body);
        }
    }

    private void executeForOperators(
            final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case TagQueueDecoder.TEMPLATE_ID -> {
                tagQueue.wrap(buffer, body, TagQueueDecoder.BLOCK_LENGTH, TagQueueDecoder.SCHEMA_VERSION);
                final int queue = request.queue(tagQueue.queueId(), Access.MANAGE);
                if (queue >= 0) {
                    final int group = tagQueue.limit();
                    tags.tag(request, queue, buffer, group, tagQueue.tags().count());
                }
            }
            case UntagQueueDecoder.TEMPLATE_ID -> {
                untagQueue.wrap(buffer, body, UntagQueueDecoder.BLOCK_LENGTH, UntagQueueDecoder.SCHEMA_VERSION);
                final int queue = request.queue(untagQueue.queueId(), Access.MANAGE);
                if (queue >= 0) {
                    final int group = untagQueue.limit();
                    tags.untag(request, queue, buffer, group, untagQueue.keys().count());
                }
            }
            case SetQueueAccessDecoder.TEMPLATE_ID ->
                access.set(
                        request,
                        setQueueAccess.wrap(
                                buffer,
                                body,
                                SetQueueAccessDecoder.BLOCK_LENGTH,
                                SetQueueAccessDecoder.SCHEMA_VERSION));
            case WatchQueueDecoder.TEMPLATE_ID ->
                watches.watch(
                        request,
                        watchQueue.wrap(
                                buffer, body, WatchQueueDecoder.BLOCK_LENGTH, WatchQueueDecoder.SCHEMA_VERSION));
            default -> throw new IllegalStateException("no command has the template id " + templateId);
        }
    }
}

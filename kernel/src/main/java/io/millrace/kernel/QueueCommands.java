package io.millrace.kernel;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeleteQueueDecoder;
import io.millrace.codecs.PurgeQueueDecoder;
import io.millrace.codecs.SetQueueSettingsDecoder;
import org.agrona.DirectBuffer;

/** Decodes the commands that make, change and end queues. */
final class QueueCommands {
    private final Queues queues;
    private final CreateQueueDecoder createQueue = new CreateQueueDecoder();
    private final DeleteQueueDecoder deleteQueue = new DeleteQueueDecoder();
    private final PurgeQueueDecoder purgeQueue = new PurgeQueueDecoder();
    private final SetQueueSettingsDecoder setQueueSettings = new SetQueueSettingsDecoder();

    QueueCommands(final Queues queues) {
        this.queues = queues;
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
            default -> throw new IllegalStateException("no command has the template id " + templateId);
        }
    }
}

/**
 * The client library: sends to queues, receives and consumes from them, publishes to topics, puts records to streams
 * and reads them, and manages them all, on one thread and without garbage.
 *
 * <p>A complete program, producer and consumer in one:
 *
 * <pre>{@code
 * final int orders = 1_000;
 * final UnsafeBuffer order = new UnsafeBuffer(new byte[16]);
 * final int[] received = {0};
 *
 * try (MillraceClient client = MillraceClient.connect(new ClientContext().serverDirectory(serverDirectory))) {
 *     final long queueId = client.queues().create("orders");
 *
 *     client.messageHandler(delivery -> {
 *         received[0] = Math.max(received[0], delivery.buffer().getInt(delivery.offset()));
 *         delivery.acknowledge();
 *     });
 *     client.consume(queueId, 256, 1024 * 1024);
 *
 *     for (int sent = 0; received[0] < orders; ) {
 *         order.putInt(0, sent + 1);
 *         if (sent < orders && client.send(queueId, order, 0, order.capacity()) > 0) {
 *             sent++;
 *         }
 *         client.poll();
 *     }
 * }
 * }</pre>
 *
 * <p>How to read it:
 *
 * <ul>
 *   <li>Every request returns at once: a correlation id, or a negative code such as {@link
 *       io.millrace.client.MillraceClient#BACK_PRESSURED}, which means to poll and try again.
 *   <li>{@link io.millrace.client.MillraceClient#poll()} does everything else. One thread owns a client.
 *   <li>A {@link io.millrace.client.Delivery} is a view of the bytes that arrived, valid inside the handler only.
 *   <li>{@link io.millrace.client.Delivery#acknowledge()} leaves, together with all others of its queue, at the end of the
 *       poll that delivered. Acknowledging gives the consumer its credit back.
 *   <li>{@link io.millrace.client.SendOptions} say what a message is sent with: delay, group, deduplication id, priority, time
 *       to live; {@link io.millrace.client.ReceiveOptions} how a receive is done. What could not be processed ends with
 *       {@link io.millrace.client.Delivery#retry()}, {@code release()} or {@code reject()}.
 *   <li>{@link io.millrace.client.Queues} has what is done to queues: create, set, tag, purge, redrive, browse, watch.
 *   <li>{@link io.millrace.client.Topics} has what is done to topics and their subscriptions, and {@link
 *       io.millrace.client.TopicPublisher} publishes to them: each message reaches every subscribed queue, and every session
 *       that consumes a subscription of its own: see {@link io.millrace.client.PushSettings}.
 *   <li>{@link io.millrace.client.Streams} has what is done to streams and their shards, and makes what puts records, {@link
 *       io.millrace.client.StreamProducer}, and what reads them: {@link io.millrace.client.PullReader} a shard, {@link
 *       io.millrace.client.StreamFollower} a stream through splits and merges.
 *   <li>After a lost connection, a restart of the server or of the media driver, the client comes back by itself: what was
 *       not answered is sent again and stored once, consumers go on. {@link io.millrace.client.ClientListener} hears of it.
 *   <li>What was received and not acknowledged comes again, and {@link io.millrace.client.Delivery#isRedelivered()} says so.
 * </ul>
 */
package io.millrace.client;

package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.List;
import java.util.stream.Stream;

/** A FIFO queue in a scenario, and short words for what is done with it. */
final class FifoSupport {
    private static final long SENDER = Scenario.A;

    final Scenario scenario;
    final long queue;
    private long correlationId = 1_000_000;

    /** A queue with a visibility timeout of 30 s. */
    FifoSupport(final Scenario scenario) {
        this(scenario, settings(0, Switch.NULL_VAL, QueueScope.NULL_VAL));
    }

    FifoSupport(final Scenario scenario, final Settings settings) {
        this(scenario, settings, "fifo");
    }

    FifoSupport(final Scenario scenario, final Settings settings, final String name) {
        this.scenario = scenario;
        scenario.apply(SENDER, new Command.CreateQueue(++correlationId, Producer.NONE, name, settings));
        final List<Emitted> answers = scenario.egress.drain();
        assertEquals(1, answers.size());
        queue = assertInstanceOf(Event.Confirmed.class, answers.get(0).event()).firstValue();
    }

    /** A visibility timeout of 30 s, and what is given. */
    static Settings settings(final long delayMs, final Switch contentDeduplication, final QueueScope scope) {
        return SettingsBuilder.fifo()
                .visibility(30_000)
                .delay(delayMs)
                .contentDeduplication(contentDeduplication)
                .deduplicationScope(scope)
                .build();
    }

    void setDelay(final long millis) {
        set(SettingsBuilder.change().delay(millis));
    }

    void setScope(final QueueScope scope) {
        set(SettingsBuilder.change().deduplicationScope(scope));
    }

    private void set(final SettingsBuilder changed) {
        scenario.apply(SENDER, new Command.SetQueueSettings(++correlationId, Producer.NONE, queue, changed.build()));
    }

    /** Sends bodies to a group, each with itself as its deduplication id, and forgets the answers. */
    void send(final String group, final String... bodies) {
        ask(Stream.of(bodies)
                .map(body -> Payload.of(body).inGroup(group).withDeduplicationId(body))
                .toArray(Payload[]::new));
        scenario.forget();
    }

    /** Sends payloads in one command. */
    void ask(final Payload... payloads) {
        scenario.apply(
                SENDER,
                new Command.SendMessages(
                        ++correlationId,
                        Producer.NONE,
                        queue,
                        Stream.of(payloads)
                                .map(payload -> new Command.Entry(null, payload))
                                .toList()));
    }

    void askDelayed(final long delayMs, final Payload payload) {
        scenario.apply(
                SENDER,
                new Command.SendMessages(
                        ++correlationId,
                        Producer.NONE,
                        queue,
                        List.of(new Command.Entry(delayMs * Scenario.MS, payload))));
    }

    /** A receive of session B without waiting. */
    void receive(final int max) {
        scenario.receive(Scenario.B, queue, max, 0L, null);
    }

    void receive(final int max, final String attemptId) {
        scenario.apply(Scenario.B, new Command.Receive(++correlationId, queue, max, 0L, null, List.of(), attemptId));
    }

    void delete(final String... bodies) {
        scenario.deleteMessages(
                Scenario.B, queue, Stream.of(bodies).map(scenario::receipt).toArray(Receipt[]::new));
        scenario.forget();
    }

    void changeVisibility(final long ms, final String body) {
        scenario.changeVisibility(Scenario.B, queue, ms, scenario.receipt(body));
        scenario.forget();
    }

    void settle(final Disposition disposition, final Long delayMs, final String body) {
        scenario.apply(
                Scenario.B,
                new Command.SettleMessages(
                        ++correlationId,
                        Producer.NONE,
                        queue,
                        List.of(new Command.Settlement(
                                scenario.receipt(body), delayMs == null ? null : delayMs * Scenario.MS, disposition))));
        scenario.forget();
    }

    void purge() {
        scenario.apply(SENDER, new Command.PurgeQueue(++correlationId, Producer.NONE, queue));
        scenario.forget();
    }

    /** What a receive of session B should tell: these bodies in order, and nothing more. */
    void shouldReceive(final int max, final String... bodies) {
        scenario.forget();
        receive(max);
        shouldHaveReceived(bodies);
    }

    void shouldHaveReceived(final String... bodies) {
        assertEquals(List.of(bodies), scenario.bodies());
    }
}

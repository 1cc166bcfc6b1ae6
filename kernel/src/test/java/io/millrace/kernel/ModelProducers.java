package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Producer;
import java.util.Comparator;

/** Producers of the model: a command that was executed is answered with its first result. */
final class ModelProducers {

    private static final int KEPT_RESULTS = 64;

    private final ModelState state;

    ModelProducers(final ModelState state) {
        this.state = state;
    }

    /** The answer if the command must not be executed, else null. */
    Event answerFor(final Command command) {
        final Command.Producer asked = command.producer();
        if (asked.id() == 0) {
            return null;
        }
        final Producer producer = state.producers.get(asked.id());
        if (producer == null) {
            return ModelAnswers.refused(command, ResultCode.PRODUCER_UNKNOWN, -1);
        }
        if (asked.epoch() != producer.epoch) {
            return ModelAnswers.refused(command, ResultCode.PRODUCER_FENCED, -1);
        }
        final boolean counts = !begins(command);
        if (asked.sequence() <= producer.lastSequence) {
            return counts ? firstResult(producer, command) : null;
        }
        if (asked.sequence() > producer.lastSequence + 1) {
            return new Event.Refused(
                    command.correlationId(), ResultCode.SEQUENCE_GAP, LimitId.NONE, 0, producer.lastSequence + 1, -1);
        }
        if (counts) {
            producer.lastUsed = state.nextUse++;
        }
        return null;
    }

    /** Whether it takes no number of its own, but the one of the commit that is to come. */
    private static boolean begins(final Command command) {
        return command instanceof Command.BeginPayload || command instanceof Command.BeginPublication;
    }

    private Event firstResult(final Producer producer, final Command command) {
        final Event first = producer.results.get(command.producer().sequence());
        if (first == null) {
            return ModelAnswers.refused(command, ResultCode.TOO_OLD, -1);
        }
        producer.lastUsed = state.nextUse++;
        return first.repeatedFor(command.correlationId());
    }

    boolean wasExecuted(final Command command) {
        final Producer producer = state.producers.get(command.producer().id());
        return producer != null && command.producer().sequence() <= producer.lastSequence;
    }

    /** Remembers what became of a protected command. */
    void keep(final Command command, final Event answer) {
        final Producer producer = state.producers.get(command.producer().id());
        if (producer != null && !begins(command)) {
            producer.lastSequence = command.producer().sequence();
            producer.results.put(producer.lastSequence, answer);
            producer.results.headMap(producer.lastSequence - KEPT_RESULTS, true).clear();
        }
    }

    Event open(final Command.OpenProducer command) {
        Producer producer = state.producers.get(command.producerId());
        if (command.producerId() == 0) {
            if (state.producers.size() >= state.limit(LimitId.PRODUCERS)) {
                state.producers.values().stream()
                        .min(Comparator.comparingLong(candidate -> candidate.lastUsed))
                        .ifPresent(idlest -> state.producers.remove(idlest.id));
            }
            producer = new Producer();
            producer.id = state.nextProducerId++;
            state.producers.put(producer.id, producer);
        } else if (producer == null) {
            return ModelAnswers.refused(command, ResultCode.PRODUCER_UNKNOWN, -1);
        }
        if (command.nonce() == 0 || command.nonce() != producer.nonce) {
            producer.epoch++;
        }
        producer.nonce = command.nonce();
        producer.lastUsed = state.nextUse++;
        return new Event.ProducerOpened(command.correlationId(), producer.id, producer.lastSequence, producer.epoch);
    }
}

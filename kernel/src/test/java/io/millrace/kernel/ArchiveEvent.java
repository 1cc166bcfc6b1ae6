package io.millrace.kernel;

import io.millrace.codecs.ReplayState;

/** What the kernel tells of archives and replays, beside what it tells of every topic, subscription and message. */
interface ArchiveEvent {

    record OfTopic(long periodNs, long beganNs, Event.TopicDescription description) implements Event.OfStream {

        @Override
        public long correlationId() {
            return description.correlationId();
        }

        @Override
        public String toString() {
            return description + " archive of " + periodNs / Scenario.SECOND + " s"
                    + (beganNs == 0 ? "" : " since " + (beganNs - Scenario.START_NS) / Scenario.MS);
        }
    }

    record OfSubscription(long fromNs, ReplayState state, Event description) implements Event.OfStream {

        @Override
        public long correlationId() {
            return description.correlationId();
        }

        @Override
        public String toString() {
            return description + " replay " + state
                    + (fromNs == 0 ? "" : " from " + (fromNs - Scenario.START_NS) / Scenario.MS);
        }
    }

    /** A message that came out of an archive. */
    record Replayed(Event.Delivery delivery) implements Event.OfStream {

        @Override
        public long correlationId() {
            return delivery.correlationId();
        }

        @Override
        public String toString() {
            return "replayed " + delivery;
        }
    }
}

package io.millrace.perf.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.PublishMessagesEncoder.MessagesEncoder;
import io.millrace.codecs.PublishMessagesEncoder.MessagesEncoder.AttributesEncoder;
import java.util.Locale;

/** The filter policies of subscriptions, and the attributes of the messages that are published to them. */
interface Filters {
    /** Every subscription gets everything; messages have no attributes. */
    Filters NONE = new Filters() {
        @Override
        public String policy(final int subscription) {
            return "";
        }

        @Override
        public void putAttributes(final MessagesEncoder message) {
            message.attributesCount(0);
        }

        @Override
        public int firstReceiver() {
            return 0;
        }

        @Override
        public int receivers(final int subscriptions) {
            return subscriptions;
        }
    };

    /** {@return the policy of a subscription, numbered from 0; empty: none} */
    String policy(int subscription);

    /** Writes the attributes of a message. */
    void putAttributes(MessagesEncoder message);

    /** {@return number of the first subscription that gets the messages} */
    int firstReceiver();

    /** {@return how many of so many subscriptions, one behind the other, get them} */
    int receivers(int subscriptions);

    /**
     * Subscriptions by tens: each ten is for messages of its own, four by an exact value, three by a prefix, three by a range of numbers; the
     * messages are for the ten in the middle.
     */
    static Filters byTens(final int subscriptions) {
        final int middle = subscriptions / ByTens.TEN / 2;
        return new ByTens(middle);
    }

    /** See {@link #byTens}. */
    record ByTens(int published) implements Filters {
        static final int TEN = 10;
        private static final int EXACT = 4;
        private static final int PREFIXES = 7;

        @Override
        public String policy(final int subscription) {
            final int ten = subscription / TEN;
            final int kind = subscription % TEN;
            if (kind < EXACT) {
                return "{\"account\":[\"account-" + ten + "\"]}";
            }
            return kind < PREFIXES
                    ? "{\"path\":[{\"prefix\":\"/" + ten + "/\"}]}"
                    : String.format(Locale.ROOT, "{\"price\":[{\"numeric\":[\">=\",%d,\"<\",%d]}]}", ten, ten + 1);
        }

        @Override
        public void putAttributes(final MessagesEncoder message) {
            final AttributesEncoder attributes = message.attributesCount(3);
            put(attributes, AttributeType.STRING, "account", "account-" + published);
            put(attributes, AttributeType.STRING, "path", "/" + published + "/orders");
            put(attributes, AttributeType.NUMBER, "price", published + ".5");
        }

        private static void put(
                final AttributesEncoder attributes, final AttributeType type, final String name, final String value) {
            final byte[] bytes = value.getBytes(US_ASCII);
            attributes.next().attributeType(type).name(name).customType("").putValue(bytes, 0, bytes.length);
        }

        @Override
        public int firstReceiver() {
            return published * TEN;
        }

        @Override
        public int receivers(final int subscriptions) {
            return TEN;
        }
    }
}

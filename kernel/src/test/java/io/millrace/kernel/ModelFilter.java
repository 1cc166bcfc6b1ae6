package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** N3, N5, N7: which messages pass a filter policy, found by walking through both. */
final class ModelFilter {

    private ModelFilter() {}

    /** Whether a message passes a policy that is right; all pass an empty one. */
    static boolean passes(final String policy, final FilterPolicyScope scope, final Payload payload) {
        if (policy.isEmpty()) {
            return true;
        }
        final Object message =
                scope == FilterPolicyScope.MESSAGE_BODY ? ModelJson.parse(payload.body()) : ofAttributes(payload);
        return message instanceof Map<?, ?> object && passes((Map<?, ?>) ModelJson.parse(policy), object);
    }

    /** What a policy sees of attributes: binary ones are not there. */
    private static Map<String, Object> ofAttributes(final Payload payload) {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (final Payload.Attribute attribute : payload.attributes()) {
            if (attribute.type() == 2) {
                object.put(attribute.name(), new BigDecimal(attribute.value()));
            } else if (attribute.type() == 1 && !attribute.customType().equals("Array")) {
                object.put(attribute.name(), attribute.value());
            } else if (attribute.type() == 1 && ModelJson.parse(attribute.value()) instanceof List<?> array) {
                object.put(attribute.name(), array);
            }
        }
        return object;
    }

    /** Every key, any of its values. */
    private static boolean passes(final Map<?, ?> policy, final Map<?, ?> message) {
        return policy.entrySet().stream().allMatch(entry -> {
            final Object found = message.get(entry.getKey());
            if (entry.getKey().equals("$or")) {
                return ((List<?>) entry.getValue())
                        .stream().anyMatch(alternative -> passes((Map<?, ?>) alternative, message));
            } else if (entry.getValue() instanceof Map<?, ?> inner) {
                return passesNested(inner, found);
            }
            final List<?> values = found == null ? List.of() : found instanceof List<?> array ? array : List.of(found);
            return ((List<?>) entry.getValue()).stream().anyMatch(condition -> holds(condition, values));
        });
    }

    /** Of an array of objects, one object has all that is asked for. */
    private static boolean passesNested(final Map<?, ?> policy, final Object found) {
        return found instanceof List<?> array
                ? array.stream().anyMatch(each -> passesNested(policy, each))
                : passes(policy, found instanceof Map<?, ?> object ? object : Map.of());
    }

    private static boolean holds(final Object condition, final List<?> values) {
        if (!(condition instanceof Map<?, ?> expression)) {
            return values.stream().anyMatch(value -> isEqual(value, condition));
        }
        final Object operand = expression.values().iterator().next();
        final Predicate<Object> operator = switch ((String)
                expression.keySet().iterator().next()) {
            case "prefix" -> value -> value instanceof String text && text.startsWith((String) operand);
            case "suffix" -> value -> value instanceof String text && text.endsWith((String) operand);
            case "equals-ignore-case" ->
                value -> value instanceof String text
                        && text.toLowerCase(Locale.ROOT).equals(((String) operand).toLowerCase(Locale.ROOT));
            case "anything-but" -> value -> !isExcluded(value, operand);
            case "numeric" -> value -> value instanceof BigDecimal number && isInRange(number, (List<?>) operand);
            case "cidr" -> value -> value instanceof String text && isInNetwork(text, (String) operand);
            case "exists" -> null;
            default -> throw new AssertionError("no operator: " + expression);
        };
        return operator == null
                ? operand.equals(!values.isEmpty())
                : values.stream().anyMatch(operator);
    }

    private static boolean isEqual(final Object value, final Object other) {
        return value instanceof BigDecimal number && other instanceof BigDecimal otherNumber
                ? number.compareTo(otherNumber) == 0
                : value.equals(other);
    }

    private static boolean isExcluded(final Object value, final Object excluded) {
        if (excluded instanceof Map<?, ?> prefix) {
            return value instanceof String text && text.startsWith((String) prefix.get("prefix"));
        }
        return excluded instanceof List<?> list
                ? list.stream().anyMatch(each -> isEqual(value, each))
                : isEqual(value, excluded);
    }

    private static boolean isInRange(final BigDecimal number, final List<?> range) {
        for (int i = 0; i < range.size(); i += 2) {
            final int order = number.compareTo((BigDecimal) range.get(i + 1));
            final boolean holds = switch ((String) range.get(i)) {
                case "=" -> order == 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInNetwork(final String text, final String network) {
        final String[] parts = network.split("/");
        final byte[] address = address(text);
        final byte[] other = address(parts[0]);
        final int ignored = Byte.SIZE * other.length - Integer.parseInt(parts[1]);
        return address.length == other.length
                && new BigInteger(1, address).shiftRight(ignored).equals(new BigInteger(1, other).shiftRight(ignored));
    }

    /** Of version 4 or 6; empty if the text is none. */
    private static byte[] address(final String text) {
        try {
            return text.matches("\\d+(\\.\\d+){3}|[0-9a-f:]+:[0-9a-f:]+")
                    ? InetAddress.getByName(text).getAddress()
                    : new byte[0];
        } catch (final UnknownHostException e) {
            throw new AssertionError(text, e);
        }
    }

    /** What is wrong with a policy of those that {@link RandomFilterPolicies} draws. */
    record Fault(int code, int at) {

        /** Null if nothing is. */
        static Fault of(final String policy, final FilterPolicyScope scope) {
            final Fault known = RandomFilterPolicies.WRONG.get(policy);
            final int nested = policy.indexOf("\"" + RandomFilterPolicies.OBJECT + "\":{");
            if (known != null || nested < 0 || scope == FilterPolicyScope.MESSAGE_BODY) {
                return known;
            }
            return new Fault(9, nested + 1);
        }
    }
}

package io.millrace.server.cli;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.SubscriberProtocol;
import io.millrace.codecs.Switch;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads codes of the schema in the form of the command line: {@code MESSAGE_GROUP} is {@code message-group}. */
abstract class CodeConverter<E extends Enum<E>> implements ITypeConverter<E> {

    private static final String NONE = "NULL_VAL";

    private final E[] codes;

    CodeConverter(final E[] codes) {
        this.codes = codes;
    }

    @Override
    public E convert(final String value) {
        for (final E code : codes) {
            if (format(code).equals(value.toLowerCase(Locale.ROOT))
                    && !code.name().equals(NONE)) {
                return code;
            }
        }
        throw new TypeConversionException("'" + value + "' is none of "
                + Arrays.stream(codes)
                        .filter(code -> !code.name().equals(NONE))
                        .map(CodeConverter::format)
                        .collect(Collectors.joining(", ")));
    }

    /** The form that {@link #convert} reads. */
    static String format(final Enum<?> code) {
        return code.name().equals(NONE)
                ? "unknown"
                : code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Types of queues. */
    static final class Type extends CodeConverter<QueueType> {
        Type() {
            super(QueueType.values());
        }
    }

    /** Protocols of subscribers. */
    static final class Protocol extends CodeConverter<SubscriberProtocol> {
        Protocol() {
            super(SubscriberProtocol.values());
        }
    }

    /** On or off. */
    static final class OnOff extends CodeConverter<Switch> {
        OnOff() {
            super(Switch.values());
        }
    }

    /** Queue or message group. */
    static final class Scope extends CodeConverter<QueueScope> {
        Scope() {
            super(QueueScope.values());
        }
    }

    /** Who may have a queue as its dead-letter queue. */
    static final class Permission extends CodeConverter<RedrivePermission> {
        Permission() {
            super(RedrivePermission.values());
        }
    }

    /** What filter policies are about. */
    static final class FilterScope extends CodeConverter<FilterPolicyScope> {
        FilterScope() {
            super(FilterPolicyScope.values());
        }
    }

    /** Forms of back-off. */
    static final class BackoffForm extends CodeConverter<Backoff> {
        BackoffForm() {
            super(Backoff.values());
        }
    }

    /** How delays between retries grow. */
    static final class RetryGrowth extends CodeConverter<RetryFunction> {
        RetryGrowth() {
            super(RetryFunction.values());
        }
    }

    /** Where messages stand. */
    static final class Status extends CodeConverter<MessageStatus> {
        Status() {
            super(MessageStatus.values());
        }
    }
}

package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.filter.FilterCompiler;
import io.millrace.kernel.filter.FilterScope;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Compiles the filter policies of subscriptions. What is stored of one is its program and behind it the text, so that it is compiled once
 * only: not again when a journal is replayed from a snapshot.
 */
final class FilterPolicies {
    private final State state;
    private final FilterCompiler compiler = new FilterCompiler();
    private final UnsafeBuffer content = new UnsafeBuffer(0, 0);
    private int length;

    FilterPolicies(final State state) {
        this.state = state;
    }

    /** Forgets the policy that was read last: a subscription without one gets everything. */
    void clear() {
        length = 0;
    }

    /** Reads a policy; false if something is wrong with it: then the request is refused. */
    boolean read(
            final Request request, final int scope, final DirectBuffer source, final int offset, final int textLength) {
        length = 0;
        if (isWithoutKeys(source, offset, textLength)) {
            return true;
        }
        final int room = FilterCompiler.maxProgramLength(textLength) + textLength;
        if (content.capacity() < room) {
            content.wrap(new byte[room]);
        }
        final FilterScope about =
                scope == FilterPolicyScope.MESSAGE_BODY.value() ? FilterScope.BODY : FilterScope.ATTRIBUTES;
        final int programLength = compiler.compile(source, offset, textLength, about, content, 0);
        if (programLength < 0) {
            final long actual = compiler.actual() == 0 ? compiler.errorOffset() : compiler.actual();
            request.refuse(
                    Request.WHOLE,
                    ResultCode.INVALID_FILTER_POLICY,
                    LimitId.NONE,
                    compiler.error().code(),
                    actual);
            return false;
        }
        content.putBytes(programLength, source, offset, textLength);
        length = programLength + textLength;
        return true;
    }

    /** Reads the policy that a subscription has, about another scope. */
    boolean readAgain(final Request request, final int scope, final int payloadLink) {
        if (payloadLink == 0) {
            clear();
            return true;
        }
        final int payload = payloadLink - 1;
        return read(
                request,
                scope,
                state.payloads.buffer(payload),
                textOffset(state, payload),
                textLength(state, payloadLink));
    }

    /** Nothing but blanks, or an object without keys. */
    private static boolean isWithoutKeys(final DirectBuffer source, final int offset, final int length) {
        int braces = 0;
        for (int i = 0; i < length; i++) {
            final byte next = source.getByte(offset + i);
            if (next == "{}".charAt(Math.min(braces, 1)) && braces < 2) {
                braces++;
            } else if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
                return false;
            }
        }
        return braces != 1;
    }

    /** Whether the policy that was read is the one that is stored. */
    boolean isStoredAs(final int payloadLink) {
        return payloadLink == 0
                ? length == 0
                : length > 0 && state.payloads.matches(payloadLink - 1, content, 0, length);
    }

    /** {@return bytes that the policy takes in the arena, 0 if there is none} */
    int length() {
        return length;
    }

    /** Stores the policy; returns the link of its payload, 0 if there is none. */
    int store() {
        return length == 0 ? 0 : state.payloads.store(content, 0, length) + 1;
    }

    static int textLength(final State state, final int payloadLink) {
        return payloadLink == 0 ? 0 : state.payloads.length(payloadLink - 1) - programLength(state, payloadLink - 1);
    }

    static int textOffset(final State state, final int payload) {
        return state.payloads.offset(payload) + programLength(state, payload);
    }

    private static int programLength(final State state, final int payload) {
        return FilterCompiler.programLength(state.payloads.buffer(payload), state.payloads.offset(payload));
    }
}

package io.millrace.kernel.filter;

import java.util.function.BiPredicate;

/** Compiles a policy and, if it is a right one, judges a body by it. */
public final class PassesBody implements BiPredicate<String, String> {
    private final Policies policies = new Policies();

    @Override
    public boolean test(final String policy, final String body) {
        return policies.refusal(policy, FilterScope.BODY).equals("NONE") && policies.matchesBody(policy, body);
    }
}

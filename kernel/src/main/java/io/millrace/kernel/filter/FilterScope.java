package io.millrace.kernel.filter;

/** What of a message a policy is about. */
public enum FilterScope {
    /** The message attributes: names and values, without nesting. */
    ATTRIBUTES,
    /** The body, if it is a JSON object. */
    BODY
}

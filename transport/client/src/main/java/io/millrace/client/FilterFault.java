package io.millrace.client;

/** The schema's FilterFault: what is wrong with a filter policy. The numbers are the ordinals. */
enum FilterFault {
    NONE,
    NOT_JSON,
    NESTED_TOO_DEEP,
    NOT_AN_OBJECT,
    EMPTY_OBJECT,
    EMPTY_ARRAY,
    TOO_MANY_KEYS,
    TOO_COMPLEX,
    KEY_NEEDS_OBJECT_OR_ARRAY,
    NESTING_NOT_SUPPORTED,
    BAD_MATCH_VALUE,
    NO_MATCH_TYPE,
    ONE_KEY_PER_EXPRESSION,
    UNKNOWN_MATCH_TYPE,
    PREFIX_NOT_STRING,
    SUFFIX_NOT_STRING,
    IGNORE_CASE_NOT_STRING,
    EXISTS_NOT_BOOLEAN,
    ANYTHING_BUT_VALUE,
    ANYTHING_BUT_LIST,
    ANYTHING_BUT_PATTERN,
    NUMERIC_NOT_ARRAY,
    NUMERIC_OPERATOR_MISSING,
    NUMERIC_OPERATOR_UNKNOWN,
    NUMERIC_VALUE,
    NUMERIC_TOO_MANY_ELEMENTS,
    NUMERIC_RANGE_VALUE,
    NUMERIC_RANGE_OPERATOR,
    NUMERIC_RANGE_TOO_LONG,
    NUMERIC_RANGE_EMPTY,
    CIDR_NOT_STRING,
    CIDR_SLASH,
    CIDR_MASK_NOT_INTEGER,
    CIDR_MASK_NEGATIVE,
    CIDR_MASK_TOO_LONG,
    CIDR_ADDRESS,
    DUPLICATE_PATH,
    PATH_TOO_LONG,
    NO_ROOM;

    private static final FilterFault[] FAULTS = values();

    /** @return the fault of a number, null if this client does not know it or it is none */
    static FilterFault of(final long number) {
        return number > 0 && number < FAULTS.length ? FAULTS[(int) number] : null;
    }
}

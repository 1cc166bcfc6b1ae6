package io.millrace.kernel.filter;

/** Why a filter policy was refused. The numbers are part of the protocol: clients make sentences of them. */
public enum FilterError {
    /** Nothing wrong. */
    NONE(0),
    /** The policy is no well-formed JSON text. */
    NOT_JSON(1),
    /** Objects and arrays lie deeper in each other than 1,000 levels. */
    NESTED_TOO_DEEP(2),
    /** The policy is no JSON object. */
    NOT_AN_OBJECT(3),
    /** An object has no key. */
    EMPTY_OBJECT(4),
    /** An array has no element. */
    EMPTY_ARRAY(5),
    /** More than 5 keys at the top; the actual value is their number. */
    TOO_MANY_KEYS(6),
    /** More than 150 combinations, or more keys than a program holds; the actual value is their number where it was counted. */
    TOO_COMPLEX(7),
    /** A key's value is neither an object nor an array. */
    KEY_NEEDS_OBJECT_OR_ARRAY(8),
    /** A nested key in a policy about attributes. */
    NESTING_NOT_SUPPORTED(9),
    /** A value to match is no string, number, true, false, null or match expression. */
    BAD_MATCH_VALUE(10),
    /** A match expression without a key. */
    NO_MATCH_TYPE(11),
    /** A match expression with more than one key. */
    ONE_KEY_PER_EXPRESSION(12),
    /** A match expression of an unknown kind. */
    UNKNOWN_MATCH_TYPE(13),
    /** A prefix is no string. */
    PREFIX_NOT_STRING(14),
    /** A suffix is no string. */
    SUFFIX_NOT_STRING(15),
    /** The value of equals-ignore-case is no string. */
    IGNORE_CASE_NOT_STRING(16),
    /** The value of exists is neither true nor false. */
    EXISTS_NOT_BOOLEAN(17),
    /** The value of anything-but is none that can be compared. */
    ANYTHING_BUT_VALUE(18),
    /** A list in anything-but is empty, or not of strings only or numbers only. */
    ANYTHING_BUT_LIST(19),
    /** An expression in anything-but that is not a prefix. */
    ANYTHING_BUT_PATTERN(20),
    /** The value of numeric is no array. */
    NUMERIC_NOT_ARRAY(21),
    /** A place in numeric that needs an operator has none. */
    NUMERIC_OPERATOR_MISSING(22),
    /** An operator that numeric does not know. */
    NUMERIC_OPERATOR_UNKNOWN(23),
    /** The value of an operator is no number. */
    NUMERIC_VALUE(24),
    /** More elements behind an operator that begins no range. */
    NUMERIC_TOO_MANY_ELEMENTS(25),
    /** A range does not end with an operator. */
    NUMERIC_RANGE_VALUE(26),
    /** A range does not end with less, or less or equal. */
    NUMERIC_RANGE_OPERATOR(27),
    /** More elements behind a range. */
    NUMERIC_RANGE_TOO_LONG(28),
    /** The lower end of a range is not below the upper one. */
    NUMERIC_RANGE_EMPTY(29),
    /** The value of cidr is no string. */
    CIDR_NOT_STRING(30),
    /** The value of cidr has not exactly one slash. */
    CIDR_SLASH(31),
    /** The mask of cidr is no integer. */
    CIDR_MASK_NOT_INTEGER(32),
    /** The mask of cidr is negative. */
    CIDR_MASK_NEGATIVE(33),
    /** The mask of cidr is longer than 31 bits (IPv4) or 127 bits (IPv6); the actual value is its length. */
    CIDR_MASK_TOO_LONG(34),
    /** The address of cidr is none. */
    CIDR_ADDRESS(35),
    /** The same path twice in one conjunction. */
    DUPLICATE_PATH(36),
    /** A path is longer than 1,024 bytes; the actual value is its length. */
    PATH_TOO_LONG(37),
    /** The room for the program is too small. */
    NO_ROOM(38);

    private final int code;

    FilterError(final int code) {
        this.code = code;
    }

    /**
     * Number of the error on the wire.
     *
     * @return the number.
     */
    public int code() {
        return code;
    }
}

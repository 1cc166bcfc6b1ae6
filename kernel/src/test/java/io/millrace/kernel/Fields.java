package io.millrace.kernel;

import java.lang.reflect.RecordComponent;
import java.util.StringJoiner;

/** Writes records out in full, where their own texts leave things out. */
final class Fields {

    private Fields() {}

    static String of(final Record values) {
        final StringJoiner text = new StringJoiner(", ", values.getClass().getSimpleName() + "[", "]");
        for (final RecordComponent component : values.getClass().getRecordComponents()) {
            try {
                text.add(component.getName() + "=" + component.getAccessor().invoke(values));
            } catch (final ReflectiveOperationException failure) {
                throw new AssertionError(failure);
            }
        }
        return text.toString();
    }
}

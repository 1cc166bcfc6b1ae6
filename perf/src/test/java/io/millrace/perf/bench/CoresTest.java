package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void shouldReadListsOfCores() {
        assertEquals(List.of(5), Cores.parse("5"));
        assertEquals(List.of(0, 1, 2, 3, 8, 10, 11), Cores.parse("0-3,8,10-11"));
    }

    @Test
    void shouldKeepProcessesOnTheFirstTwoOfTheCores() {
        final Cores cores = new Cores(List.of(2, 4, 7));

        assertTrue(cores.arePinned());
        assertEquals(List.of("taskset", "-c", "2"), cores.first());
        assertEquals(List.of("taskset", "-c", "4"), cores.second());
    }

    @Test
    void shouldKeepNothingApartOnOneCore() {
        final Cores cores = new Cores(List.of(3));

        assertFalse(cores.arePinned());
        assertEquals(List.of(), cores.first());
        assertEquals(List.of(), cores.second());
    }
}

package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
    @Test
    void shouldFindAllFlagsInATestJvm() {
        assertDoesNotThrow(JvmFlags::requireAll);
    }

    @Test
    void shouldNameTheFirstFlagThatIsMissing() {
        final String missing = "--add-opens=java.base/java.util.jar=ALL-UNNAMED";
        assertEquals(
                Optional.of(missing),
                JvmFlags.firstMissing(List.of(
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        missing,
                        "--add-exports=java.base/jdk.internal.math=ALL-UNNAMED")));
        assertEquals(
                Optional.of("--add-exports=java.base/jdk.internal.math=ALL-UNNAMED"),
                JvmFlags.firstMissing(List.of("--add-exports=java.base/jdk.internal.math=ALL-UNNAMED")));
        assertEquals(
                Optional.of("-Dchronicle.analytics.disable=false"),
                JvmFlags.firstMissing(List.of("-Dchronicle.analytics.disable=false")));
    }

    @Test
    void shouldPassOverModulesThatThisJvmDoesNotHave() {
        assertEquals(Optional.empty(), JvmFlags.firstMissing(List.of("--add-opens=no.such/module=ALL-UNNAMED")));
    }
}

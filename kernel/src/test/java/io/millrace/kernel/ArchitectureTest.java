package io.millrace.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The kernel is a pure function of its log: nothing in it can reach a clock, a thread, chance or the world outside. */
class ArchitectureTest {

    private static final JavaClasses KERNEL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace.kernel");

    @Test
    void shouldFindTheKernel() {
        assertTrue(KERNEL.contain(Kernel.class));
        assertTrue(KERNEL.size() > 30);
    }

    @Test
    void shouldDependOnNothingButCodecsAgronaAndTheLanguage() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.kernel..",
                        "io.millrace.codecs",
                        "org.agrona..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.nio",
                        // SHA-256, a pure function.
                        "java.security",
                        "java.util",
                        "java.util.function",
                        "java.util.concurrent")
                .check(KERNEL);
    }

    @Test
    void shouldKnowNoClockThreadOrChance() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(System.class.getName())
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.UUID.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Timer.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Runtime.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Process.class)
                .check(KERNEL);
    }

    @Test
    void shouldUseOfTheConcurrentPackagesNothingThatIsConcurrent() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are concurrent",
                        type -> type.getPackageName().startsWith("java.util.concurrent")
                                && !type.getName().equals("java.util.concurrent.TimeUnit")))
                .check(KERNEL);
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are clocks, agents or queues of Agrona",
                        type -> type.getBaseComponentType().getPackageName().startsWith("org.agrona.concurrent")
                                && !type.getBaseComponentType().isEquivalentTo(UnsafeBuffer.class)))
                .check(KERNEL);
    }

    @Test
    void shouldNotIterateInHashOrder() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(java.util.HashMap.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.HashSet.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.agrona.collections")
                .check(KERNEL);
    }

    @Test
    void shouldNotSynchronise() {
        noClasses()
                .should()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "notifyAll")
                .check(KERNEL);
    }
}

package io.millrace.server;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * All code that a method can reach within a set of classes, and what in it takes locks or waits. A call through an interface
 * or a superclass reaches every implementation in the set, so more is found than can happen, never less; what is called in a
 * library is looked at but not entered.
 */
final class ReachableCode {

    private static final Set<String> WAITING_METHODS =
            Set.of("java.lang.Object.wait", "java.lang.Thread.sleep", "java.lang.Thread.join");
    private static final Set<String> CONCURRENT_BUT_FREE_OF_LOCKS =
            Set.of("java.util.concurrent.TimeUnit", "java.util.concurrent.ThreadLocalRandom");

    private final JavaClasses classes;
    private final Set<String> doors;
    private final Map<String, List<JavaMethod>> methodsByName;
    private final Map<JavaClass, Set<String>> monitorUsers = new HashMap<>();
    private final Set<String> doorsSeen = new TreeSet<>();
    private final Map<JavaCodeUnit, JavaCodeUnit> reached = new HashMap<>();
    private final Deque<JavaCodeUnit> toVisit = new ArrayDeque<>();
    private final Map<String, String> stops = new TreeMap<>();

    private ReachableCode(final JavaClasses classes, final Set<String> doors) {
        this.classes = classes;
        this.doors = doors;
        methodsByName = classes.stream()
                .flatMap(type -> type.getMethods().stream())
                .collect(Collectors.groupingBy(JavaMethod::getName));
    }

    /**
     * Walks from a method without parameters.
     *
     * @param classes that are entered.
     * @param owner   of the method, one of the classes.
     * @param method  its name.
     * @param doors   methods that are not entered, as "class.method".
     * @return what was found.
     */
    static ReachableCode from(
            final JavaClasses classes, final Class<?> owner, final String method, final Set<String> doors) {
        final ReachableCode code = new ReachableCode(classes, doors);
        code.reach(null, classes.get(owner).getMethod(method));
        while (!code.toVisit.isEmpty()) {
            code.visit(code.toVisit.poll());
        }
        return code;
    }

    /** {@return number of methods and constructors reached} */
    int size() {
        return reached.size();
    }

    /** {@return whether a method of a class is reached} */
    boolean contains(final Class<?> owner, final String method) {
        return reached.keySet().stream()
                .anyMatch(unit ->
                        unit.getOwner().isEquivalentTo(owner) && unit.getName().equals(method));
    }

    /** {@return synchronized methods and blocks, locks and waits that are reached, as "class.method: what"} */
    Set<String> stops() {
        return stops.keySet();
    }

    /** {@return for each stop the way to it, a line each} */
    String ways() {
        return stops.entrySet().stream()
                .map(stop -> stop.getKey() + ", reached by " + stop.getValue())
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    /** {@return the methods not entered that would have been} */
    Set<String> doorsSeen() {
        return doorsSeen;
    }

    private void reach(final JavaCodeUnit caller, final JavaCodeUnit unit) {
        if (doors.contains(name(unit))) {
            doorsSeen.add(name(unit));
        } else if (!reached.containsKey(unit)) {
            reached.put(unit, caller);
            toVisit.add(unit);
        }
    }

    private void stop(final JavaCodeUnit unit, final String what) {
        final StringBuilder way = new StringBuilder();
        for (JavaCodeUnit step = unit; step != null; step = reached.get(step)) {
            way.append(step == unit ? "" : " < ").append(name(step));
        }
        stops.put(name(unit) + ": " + what, way.toString());
    }

    private void visit(final JavaCodeUnit unit) {
        if (unit.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
            stop(unit, "synchronized");
        }
        if (monitorUsers
                .computeIfAbsent(unit.getOwner(), ReachableCode::monitorUsers)
                .contains(unit.getName())) {
            stop(unit, "synchronized block");
        }
        Stream.concat(unit.getCallsFromSelf().stream(), unit.getCodeUnitReferencesFromSelf().stream())
                .forEach(access -> call(unit, (AccessTarget.CodeUnitAccessTarget) access.getTarget()));
    }

    private void call(final JavaCodeUnit caller, final AccessTarget.CodeUnitAccessTarget target) {
        final JavaClass owner = target.getOwner();
        target.resolveMember().ifPresent(member -> {
            if (classes.contain(member.getOwner().getName())) {
                reach(caller, member);
            } else {
                lookAtLibrary(caller, member);
            }
        });
        implementations(owner, target).forEach(unit -> reach(caller, unit));
    }

    private Stream<JavaMethod> implementations(final JavaClass owner, final AccessTarget.CodeUnitAccessTarget target) {
        return methodsByName.getOrDefault(target.getName(), List.of()).stream()
                .filter(method -> method.getRawParameterTypes().equals(target.getRawParameterTypes()))
                .filter(method -> method.getOwner().isAssignableTo(owner.getName()));
    }

    private void lookAtLibrary(final JavaCodeUnit caller, final JavaCodeUnit member) {
        final String type = member.getOwner().getName();
        final String called = type + '.' + member.getName();
        if (member.getModifiers().contains(JavaModifier.SYNCHRONIZED)
                || WAITING_METHODS.contains(called)
                || type.startsWith("java.util.concurrent.") && !isFreeOfLocks(type)) {
            stop(caller, "calls " + called);
        }
    }

    private static boolean isFreeOfLocks(final String type) {
        return CONCURRENT_BUT_FREE_OF_LOCKS.contains(type) || type.startsWith("java.util.concurrent.atomic.");
    }

    /** Methods of a class with a synchronized block in them; a lambda counts as the method that it is written in. */
    private static Set<String> monitorUsers(final JavaClass type) {
        final Set<String> users = new HashSet<>();
        final String file = '/' + type.getName().replace('.', '/') + ".class";
        try (InputStream bytes = ReachableCode.class.getResourceAsStream(file)) {
            new ClassReader(bytes).accept(new MonitorFinder(users), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return users;
    }

    private static String name(final JavaCodeUnit unit) {
        return unit.getOwner().getSimpleName() + '.' + unit.getName();
    }

    private static final class MonitorFinder extends ClassVisitor {

        private final Set<String> users;

        MonitorFinder(final Set<String> users) {
            super(Opcodes.ASM9);
            this.users = users;
        }

        @Override
        public MethodVisitor visitMethod(
                final int access,
                final String name,
                final String descriptor,
                final String signature,
                final String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInsn(final int opcode) {
                    if (opcode == Opcodes.MONITORENTER) {
                        users.add(name.startsWith("lambda$") ? name.split("\\$")[1] : name);
                    }
                }
            };
        }
    }
}

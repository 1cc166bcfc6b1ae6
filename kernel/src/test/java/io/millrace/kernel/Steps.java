package io.millrace.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Counts the steps of code instead of its time: every call of a method and every jump back of a loop is one. Without loop and call a
 * method is as long as its text, so steps bound the work; only copies and fills of memory are not in them.
 */
public final class Steps {
    private static final String OWN_NAME = Steps.class.getName().replace('.', '/');
    private static long count;

    private Steps() {}

    /** Called by the code that is counted. */
    public static void step() {
        count++;
    }

    static long count() {
        return count;
    }

    /** A loader of a package of the kernel of which every class counts its steps. */
    static ClassLoader loader(final Class<?> member) {
        final String prefix = member.getPackageName() + '.';
        final Map<String, byte[]> counting = new HashMap<>();
        try (Stream<Path> files = Files.list(folder(member))) {
            for (final Path file :
                    files.filter(one -> one.toString().endsWith(".class")).toList()) {
                final String name = file.getFileName().toString().replace(".class", "");
                counting.put(prefix + name, counting(Files.readAllBytes(file)));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new VariantLoader(prefix, counting);
    }

    private static Path folder(final Class<?> member) {
        try {
            return Path.of(member.getResource(member.getSimpleName() + ".class").toURI())
                    .getParent();
        } catch (final URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] counting(final byte[] original) {
        final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(original)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    final int access,
                                    final String name,
                                    final String descriptor,
                                    final String signature,
                                    final String[] exceptions) {
                                return new Counting(super.visitMethod(access, name, descriptor, signature, exceptions));
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private static final class Counting extends MethodVisitor {
        private final Set<Label> passed = new HashSet<>();

        Counting(final MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            countOne();
        }

        @Override
        public void visitLabel(final Label label) {
            super.visitLabel(label);
            passed.add(label);
        }

        @Override
        public void visitJumpInsn(final int opcode, final Label label) {
            if (passed.contains(label)) {
                countOne();
            }
            super.visitJumpInsn(opcode, label);
        }

        private void countOne() {
            visitMethodInsn(Opcodes.INVOKESTATIC, OWN_NAME, "step", "()V", false);
        }
    }
}

package io.millrace.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loads the classes of a package and of those in it anew, some of them from other bytes; all other classes are those of the tests. */
final class VariantLoader extends ClassLoader {
    /** What the files of the tests and of the kernel have, which every variant asks for. */
    private static final Map<String, byte[]> ORIGINALS = new ConcurrentHashMap<>();

    private final String prefix;
    private final Map<String, byte[]> changed;

    /**
     * A loader.
     *
     * @param prefix of the names of the classes that are loaded anew.
     * @param changed bytes of the classes that are other ones, by name.
     */
    VariantLoader(final String prefix, final Map<String, byte[]> changed) {
        super(VariantLoader.class.getClassLoader());
        this.prefix = prefix;
        this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(prefix)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException {
        final byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(final String name) throws ClassNotFoundException {
        final byte[] known = ORIGINALS.get(name);
        if (known != null) {
            return known;
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            final byte[] read = in.readAllBytes();
            ORIGINALS.put(name, read);
            return read;
        } catch (final IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}

package io.millrace.kernel;

import io.millrace.kernel.KernelVariant.Change;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel in which a statement does not hold.
 *
 * @param statements numbers of the statements that it breaks.
 * @param source     class whose source is changed.
 * @param title      what is so in it.
 * @param changes    of the source.
 */
record StatementVariant(List<String> statements, String source, String title, List<Change> changes) {
    private static final String RESOURCE = "/statement-variants.txt";
    private static final Pattern HEAD = Pattern.compile("((?:[A-Z]\\d+ )+)([\\w.]+): (.+)");

    /** Compiles it. */
    KernelVariant compile() {
        return new KernelVariant(source, changes);
    }

    /** All variants, in the order in which they are written down. */
    static List<StatementVariant> all() {
        final List<StatementVariant> variants = new ArrayList<>();
        for (final String block : read().split("\n\\s*\n")) {
            final List<String> lines = block.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            if (!lines.isEmpty()) {
                variants.add(parse(lines));
            }
        }
        return variants;
    }

    private static String read() {
        try (InputStream in = StatementVariant.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StatementVariant parse(final List<String> lines) {
        final Matcher head = HEAD.matcher(lines.get(0));
        if (!head.matches()) {
            throw new AssertionError("not the head of a variant: " + lines.get(0));
        }
        final List<Change> changes = new ArrayList<>();
        int at = 1;
        while (at < lines.size()) {
            final String passage = linesWith('-', lines, at);
            at += (int) passage.lines().count();
            final String replacement = linesWith('+', lines, at);
            at += (int) replacement.lines().count();
            if (passage.isEmpty() || replacement.isEmpty()) {
                throw new AssertionError("not a passage and what stands there instead, in: " + lines);
            }
            changes.add(new Change(passage, replacement));
        }
        return new StatementVariant(List.of(head.group(1).trim().split(" ")), head.group(2), head.group(3), changes);
    }

    /** The lines from an index on that begin with a sign, without it. */
    private static String linesWith(final char sign, final List<String> lines, final int from) {
        final StringBuilder text = new StringBuilder();
        for (int i = from; i < lines.size() && lines.get(i).charAt(0) == sign; i++) {
            text.append(lines.get(i).substring(1)).append(" \n");
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return String.join(" ", statements) + ": " + title;
    }
}

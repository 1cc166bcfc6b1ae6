package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on the journal's files. */
@Command(
        name = "journal",
        description = "Looks into the journal of a directory, checks it, ends it at a damage.",
        footer = {"", "Example:", "  millrace journal verify --dir ./millrace-data"},
        subcommands = {JournalPrint.class, JournalVerify.class, JournalRepair.class})
final class JournalCommand extends Main.CommandGroup {

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new JournalCommand();
        }
    }
}

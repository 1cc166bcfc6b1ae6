package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on blobs. */
@Command(
        name = "blob",
        description = "Declares blobs that messages are to refer to, describes and lists them.",
        footer = {"", "Example:", "  millrace blob declare --file picture.png && millrace queue send orders --blob 1"},
        subcommands = {BlobDeclare.class, BlobDescribe.class, BlobList.class})
final class BlobCommand extends Main.CommandGroup {

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new BlobCommand();
        }
    }
}

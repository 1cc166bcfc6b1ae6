package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on streams. */
@Command(
        name = "stream",
        description =
                "Creates, lists, describes, changes and deletes streams; splits and merges their shards; puts and reads records.",
        footer = {
            "",
            "Example:",
            "  millrace stream create tape --shards 4 && millrace stream put tape 'buy 100' --key BTCUSD "
                    + "&& millrace stream tail tape --count 1"
        },
        subcommands = {
            StreamCreate.class,
            StreamList.class,
            StreamDescribe.class,
            StreamShards.class,
            StreamSet.class,
            StreamDelete.class,
            StreamTag.class,
            StreamUntag.class,
            StreamAccess.class,
            StreamPut.class,
            StreamGet.class,
            StreamTail.class,
            StreamSplit.class,
            StreamMerge.class,
            StreamUpdate.class,
            StreamConsumer.class,
            StreamGroup.class
        })
final class StreamCommand extends Main.CommandGroup {

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new StreamCommand();
        }
    }
}

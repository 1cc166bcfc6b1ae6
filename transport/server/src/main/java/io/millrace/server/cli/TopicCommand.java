package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on topics. */
@Command(
        name = "topic",
        description =
                "Creates, lists, describes, changes and deletes topics; subscribes queues to them; publishes messages and listens to them.",
        footer = {
            "",
            "Example:",
            "  millrace topic create trades && millrace queue create audit && millrace topic subscribe trades audit "
                    + "&& millrace topic publish trades 'buy 100'"
        },
        subcommands = {
            TopicCreate.class,
            TopicList.class,
            TopicDescribe.class,
            TopicSet.class,
            TopicDelete.class,
            TopicTag.class,
            TopicUntag.class,
            TopicAccess.class,
            TopicSubscribe.class,
            TopicUnsubscribe.class,
            TopicSetSubscription.class,
            TopicSubscriptions.class,
            TopicListen.class,
            TopicSetDelivery.class,
            TopicPublish.class,
            TopicPublishBatch.class
        })
final class TopicCommand extends Main.CommandGroup {

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new TopicCommand();
        }
    }
}

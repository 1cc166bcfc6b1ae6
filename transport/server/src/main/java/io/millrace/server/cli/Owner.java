package io.millrace.server.cli;

import io.millrace.client.AccessEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What has tags and an allow list: a queue, a topic or a stream, found by its name. */
interface Owner {

    /** What it is, in the words of the command line and as the name of its field. */
    String kind();

    Map<String, String> tags();

    void tag(Map<String, String> tags);

    void untag(Collection<String> keys);

    List<AccessEntry> access();

    void setAccess(List<AccessEntry> entries);

    /** The queue of a name. */
    static Owner queue(final ServerConnection server, final String name) {
        return new QueueOwner(server, server.lookUp(name).queueId());
    }

    /** The topic of a name. */
    static Owner topic(final ServerConnection server, final String name) {
        return new TopicOwner(server, server.topics().lookUp(name).topicId());
    }

    /** The stream of a name. */
    static Owner stream(final ServerConnection server, final String name) {
        return new StreamOwner(server, server.streams().lookUp(name).streamId());
    }

    /** A queue. */
    record QueueOwner(ServerConnection server, long queueId) implements Owner {
        @Override
        public String kind() {
            return "queue";
        }

        @Override
        public Map<String, String> tags() {
            return server.queues().tags(queueId);
        }

        @Override
        public void tag(final Map<String, String> tags) {
            server.queues().tag(queueId, tags);
        }

        @Override
        public void untag(final Collection<String> keys) {
            server.queues().untag(queueId, keys);
        }

        @Override
        public List<AccessEntry> access() {
            return server.queues().access(queueId);
        }

        @Override
        public void setAccess(final List<AccessEntry> entries) {
            server.queues().setAccess(queueId, entries);
        }
    }

    /** A topic. */
    record TopicOwner(ServerConnection server, long topicId) implements Owner {
        @Override
        public String kind() {
            return "topic";
        }

        @Override
        public Map<String, String> tags() {
            return server.topics().tags(topicId);
        }

        @Override
        public void tag(final Map<String, String> tags) {
            server.topics().tag(topicId, tags);
        }

        @Override
        public void untag(final Collection<String> keys) {
            server.topics().untag(topicId, keys);
        }

        @Override
        public List<AccessEntry> access() {
            return server.topics().access(topicId);
        }

        @Override
        public void setAccess(final List<AccessEntry> entries) {
            server.topics().setAccess(topicId, entries);
        }
    }

    /** A stream. */
    record StreamOwner(ServerConnection server, long streamId) implements Owner {
        @Override
        public String kind() {
            return "stream";
        }

        @Override
        public Map<String, String> tags() {
            return server.streams().tags(streamId);
        }

        @Override
        public void tag(final Map<String, String> tags) {
            server.streams().tag(streamId, tags);
        }

        @Override
        public void untag(final Collection<String> keys) {
            server.streams().untag(streamId, keys);
        }

        @Override
        public List<AccessEntry> access() {
            return server.streams().access(streamId);
        }

        @Override
        public void setAccess(final List<AccessEntry> entries) {
            server.streams().setAccess(streamId, entries);
        }
    }
}

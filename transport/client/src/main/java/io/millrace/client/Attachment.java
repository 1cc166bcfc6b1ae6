package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The two Aeron streams of one attempt to have a session: an exclusive publication to the server and a subscription of
 * its own for the answers. Everything is asked for and polled, nothing waits.
 */
final class Attachment {
    private static final long NONE = Aeron.NULL_VALUE;

    private final ClientContext context;
    private Aeron aeron;
    private String subscriptionChannel;
    private String responseChannel;
    private long subscriptionId = NONE;
    private long publicationId = NONE;
    private Subscription subscription;
    private ExclusivePublication publication;

    Attachment(final ClientContext context) {
        this.context = context;
    }

    /** Asks for both streams. A random session id keeps this client's answers apart from everybody else's. */
    void begin(final Aeron newAeron) {
        aeron = newAeron;
        final ChannelUri response = ChannelUri.parse(context.responseChannel());
        response.put(
                CommonContext.SESSION_ID_PARAM_NAME,
                Integer.toString(ThreadLocalRandom.current().nextInt()));
        subscriptionChannel = response.toString();
        responseChannel = null;
        subscriptionId = aeron.asyncAddSubscription(subscriptionChannel, context.responseStreamId());
        publicationId =
                aeron.asyncAddExclusivePublication(withTerms(context.ingressChannel()), context.ingressStreamId());
    }

    /** @return whether both streams are there and the server listens. */
    boolean isReady() {
        if (subscription == null) {
            subscription = aeron.getSubscription(subscriptionId);
        }
        if (publication == null) {
            publication = aeron.getExclusivePublication(publicationId);
        }
        if (subscription != null && responseChannel == null) {
            responseChannel = resolved();
        }
        return responseChannel != null && publication != null && publication.isConnected();
    }

    ExclusivePublication publication() {
        return publication;
    }

    /** @return the channel on which the server is to answer, its port resolved. */
    String responseChannel() {
        return responseChannel;
    }

    /** @return the server's answers, or null until they come. */
    Image image() {
        return subscription.imageCount() > 0 ? subscription.imageAtIndex(0) : null;
    }

    void close() {
        if (aeron != null && !aeron.isClosed()) {
            if (publication != null) {
                publication.close();
            } else if (publicationId != NONE) {
                aeron.asyncRemovePublication(publicationId);
            }
            if (subscription != null) {
                subscription.close();
            } else if (subscriptionId != NONE) {
                aeron.asyncRemoveSubscription(subscriptionId);
            }
        }
        publication = null;
        subscription = null;
        publicationId = NONE;
        subscriptionId = NONE;
        aeron = null;
    }

    /** @return null until the driver has bound the port of a UDP channel that left the choice to it. */
    private String resolved() {
        final ChannelUri channel = ChannelUri.parse(subscriptionChannel);
        final String endpoint = channel.get(CommonContext.ENDPOINT_PARAM_NAME, "");
        if (!endpoint.endsWith(":0")) {
            return subscriptionChannel;
        }
        return subscription.tryResolveChannelEndpointPort();
    }

    /** Terms are small, so that many sessions fit the machine, and not sparse, so that a full disk shows at connect. */
    private String withTerms(final String channelText) {
        final ChannelUri channel = ChannelUri.parse(channelText);
        if (!channel.containsKey(CommonContext.TERM_LENGTH_PARAM_NAME)) {
            channel.put(CommonContext.TERM_LENGTH_PARAM_NAME, Integer.toString(context.termLength()));
        }
        if (!channel.containsKey(CommonContext.SPARSE_PARAM_NAME)) {
            channel.put(CommonContext.SPARSE_PARAM_NAME, "false");
        }
        return channel.toString();
    }
}

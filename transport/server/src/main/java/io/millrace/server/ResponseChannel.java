package io.millrace.server;

import io.aeron.ChannelUri;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import java.util.List;

/**
 * What a client may ask its answers to be sent to. The text comes from outside, so the server takes nothing from it but
 * session id and end point, checks both, and builds the channel itself.
 */
final class ResponseChannel {

    private static final int MAX_LENGTH = 512;
    private static final int MAX_PORT = 65_535;

    private ResponseChannel() {}

    /**
     * The channel on which to answer.
     *
     * @param requested    what the client asked for.
     * @param allowNetwork whether the server speaks UDP at all.
     * @param allowedHosts hosts besides loopback.
     * @param termLength   in bytes.
     * @return channel for a publication, or null if it is not to be used.
     */
    static String of(
            final String requested, final boolean allowNetwork, final List<String> allowedHosts, final int termLength) {
        if (requested.isEmpty() || requested.length() > MAX_LENGTH) {
            return null;
        }
        try {
            final ChannelUri uri = ChannelUri.parse(requested);
            if (!uri.prefix().isEmpty() || !hasOnlyKnownParameters(uri)) {
                return null;
            }
            final String sessionId = uri.get(CommonContext.SESSION_ID_PARAM_NAME);
            if (sessionId == null) {
                return null;
            }
            final ChannelUriStringBuilder channel = new ChannelUriStringBuilder()
                    .media(uri.media())
                    .sessionId(Integer.parseInt(sessionId))
                    .termLength(termLength);
            final String endpoint = uri.get(CommonContext.ENDPOINT_PARAM_NAME);
            if (uri.isUdp()) {
                if (!allowNetwork || endpoint == null || !isAllowed(endpoint, allowedHosts)) {
                    return null;
                }
                channel.endpoint(endpoint);
            } else if (endpoint != null) {
                return null;
            }
            return channel.build();
        } catch (final IllegalArgumentException | IllegalStateException e) {
            // The parsers say in no other way that a text is not one of theirs.
            return null;
        }
    }

    private static boolean hasOnlyKnownParameters(final ChannelUri uri) {
        final boolean[] isKnown = {true};
        uri.forEachParameter((name, value) -> {
            switch (name) {
                case CommonContext.SESSION_ID_PARAM_NAME,
                        CommonContext.ENDPOINT_PARAM_NAME,
                        CommonContext.ALIAS_PARAM_NAME,
                        CommonContext.TERM_LENGTH_PARAM_NAME,
                        CommonContext.SPARSE_PARAM_NAME,
                        CommonContext.MTU_LENGTH_PARAM_NAME -> {
                    return;
                }
                default -> isKnown[0] = false;
            }
        });
        return isKnown[0];
    }

    /** Host names are compared as text, so that no name is ever looked up on behalf of a client. */
    private static boolean isAllowed(final String endpoint, final List<String> allowedHosts) {
        final int colon = endpoint.lastIndexOf(':');
        if (colon <= 0) {
            return false;
        }
        final int port = Integer.parseInt(endpoint.substring(colon + 1));
        final String host = endpoint.substring(0, colon);
        return port > 0 && port <= MAX_PORT && (isLoopback(host) || allowedHosts.contains(host));
    }

    private static boolean isLoopback(final String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }
}

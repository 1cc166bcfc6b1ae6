package io.millrace.perf.floor;

/**
 * Where a floor's server and client meet.
 *
 * @param aeronDirectory directory of the media driver, which runs in the server.
 * @param requestChannel channel to the server.
 * @param replyChannel   channel back.
 */
public record EchoSettings(String aeronDirectory, String requestChannel, String replyChannel) {
    static final int REQUEST_STREAM = 1001;
    static final int REPLY_STREAM = 1002;

    /**
     * Whether messages travel through shared memory.
     *
     * @return false if they go through the network.
     */
    public boolean isIpc() {
        return requestChannel.startsWith("aeron:ipc");
    }
}

package io.millrace.perf.demo;

import io.millrace.perf.demo.codecs.MessageHeaderDecoder;
import io.millrace.perf.demo.codecs.MessageHeaderEncoder;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.demo.codecs.TradeEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Deliveries as a consumer writes them down. */
final class Deliveries {
    private Deliveries() {}

    static Received settled(final Trade trade) {
        return new Received(trade, PriceBand.of(trade), false, false, 1_000L + trade.row(), 2_000L + trade.row());
    }

    static Received redriven(final Trade trade) {
        return new Received(trade, PriceBand.of(trade), false, true, 1_000L + trade.row(), 4_000L + trade.row());
    }

    /** {@return the rows in order, those that fail redriven behind the others} */
    static List<Received> settledInOrder(final List<Trade> recorded) {
        final List<Received> settled = new ArrayList<>();
        recorded.stream()
                .filter(trade -> !PriceBand.isFailing(trade.row()))
                .forEach(trade -> settled.add(settled(trade)));
        recorded.stream()
                .filter(trade -> PriceBand.isFailing(trade.row()))
                .forEach(trade -> settled.add(redriven(trade)));
        return settled;
    }

    /** Writes a delivery as it arrives: as a message. */
    static void write(final ReceivedFile file, final Received delivery) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final Trade trade = delivery.trade();
        new TradeEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .timestamp(trade.timestamp())
                .priceCents(trade.priceCents())
                .amount(trade.amount())
                .sentNs(delivery.sentNs())
                .row(trade.row());
        final TradeDecoder decoder = new TradeDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        file.write(decoder, delivery.band(), delivery.isRedelivered(), delivery.isRedriven(), delivery.receivedNs());
    }
}

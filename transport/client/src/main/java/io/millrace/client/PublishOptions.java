package io.millrace.client;

import org.agrona.MutableDirectBuffer;

/** What a message to a topic is published with besides its body. */
public final class PublishOptions extends MessageOptions<PublishOptions> {
    private CharSequence subject = "";

    /** Makes options that ask for nothing. */
    public PublishOptions() {
        reset();
    }

    @Override
    PublishOptions self() {
        return this;
    }

    @Override
    public PublishOptions reset() {
        subject = "";
        return super.reset();
    }

    /** @param value shown to subscribers that get the message in an envelope. @return this */
    public PublishOptions subject(final CharSequence value) {
        subject = value;
        return this;
    }

    @Override
    void set(final PublishOptions other) {
        super.set(other);
        subject = other.subject;
    }

    @Override
    int textsLength() {
        final int ids = super.textsLength();
        final int length = Utf8.length(subject);
        return ids < 0 || length > Wire.MAX_TEXT_LENGTH ? -1 : ids + Wire.TEXT_HEADER_LENGTH + length;
    }

    @Override
    int putTexts(final MutableDirectBuffer buffer, final int offset) {
        return putText(buffer, super.putTexts(buffer, offset), subject);
    }

    /** An entry of PublishMessages is its payload and the subject. */
    @Override
    void putBlock(final MutableDirectBuffer buffer, final int offset) {}
}

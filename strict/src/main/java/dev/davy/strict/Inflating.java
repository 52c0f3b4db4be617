package dev.davy.strict;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A gzip (RFC 1952) or zlib (RFC 1950) stream, inflated, counted and checked while it is read.
///
/// The JDK's own streams count nothing, and end silently at bytes behind the last member that are
/// no member.
final class Inflating extends InputStream {
    enum Form {
        GZIP,
        ZLIB
    }

    private static final int RESERVED = 0xE0;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int LONGEST_TEXT = 1 << 16;

    private final InputStream in;
    private final Form form;
    private final long maxBytes;
    private final Inflater inflater;
    private final CRC32 crc = new CRC32();
    private final byte[] packed = new byte[1 << 14];
    private final byte[] single = new byte[1];
    private int at;
    private int filled;
    private long total;
    private boolean begun;
    private boolean ended;

    /// @param maxBytes inflated bytes; more are a Problem TOO_LARGE
    Inflating(InputStream in, Form form, long maxBytes) {
        this.in = in;
        this.form = form;
        this.maxBytes = maxBytes;
        this.inflater = new Inflater(form == Form.GZIP);
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) return 0;
        try {
            return inflate(into, from, length);
        } catch (DataFormatException e) {
            throw malformed("Its compressed data is damaged.");
        } catch (EOFException e) {
            throw malformed("It ends too early.");
        }
    }

    private int inflate(byte[] into, int from, int length) throws IOException, DataFormatException {
        while (!ended) {
            if (!begun) begin();
            int n = inflater.inflate(into, from, length);
            if (n > 0) {
                crc.update(into, from, n);
                total += n;
                if (total > maxBytes) throw tooLarge();
                return n;
            }
            if (inflater.needsDictionary()) throw malformed("It needs a dictionary.");
            if (inflater.finished()) finish();
            else if (inflater.needsInput()) feed();
        }
        return -1;
    }

    private void begin() throws IOException {
        begun = true;
        if (form == Form.ZLIB) return;
        if (next() != 0x1F || next() != 0x8B) throw malformed("It does not begin like gzip.");
        if (next() != 8) throw malformed("Its compression method is unknown.");
        int flags = next();
        if ((flags & RESERVED) != 0) throw malformed("Its header has unknown flags.");
        skip(6);
        if ((flags & EXTRA) != 0) skip(next() | next() << 8);
        if ((flags & NAME) != 0) skipText();
        if ((flags & COMMENT) != 0) skipText();
        if ((flags & HEADER_CRC) != 0) skip(2);
        crc.reset();
    }

    /// The end of a member: its checks, and either another member or the end of everything.
    private void finish() throws IOException {
        at = filled - inflater.getRemaining();
        if (form == Form.GZIP) {
            if (next32() != crc.getValue()) throw malformed("Its checksum is wrong.");
            if (next32() != (inflater.getBytesWritten() & 0xFFFF_FFFFL))
                throw malformed("Its length is wrong.");
        }
        if (at == filled && !fill()) {
            ended = true;
        } else if (form == Form.ZLIB || packed[at] != 0x1F) {
            throw malformed("Something else follows behind its end.");
        } else {
            inflater.reset();
            begun = false;
        }
    }

    private void feed() throws IOException {
        if (at == filled && !fill()) throw new EOFException();
        inflater.setInput(packed, at, filled - at);
        at = filled;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(packed, 0, packed.length));
        return filled > 0;
    }

    private int next() throws IOException {
        if (at == filled && !fill()) throw new EOFException();
        return packed[at++] & 0xFF;
    }

    private long next32() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) next();
    }

    private void skipText() throws IOException {
        for (int i = 0; i < LONGEST_TEXT; i++) if (next() == 0) return;
        throw malformed("A text in its header never ends.");
    }

    private Problem malformed(String why) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "compressed-data-malformed",
                "The compressed data cannot be unpacked.",
                why,
                "Compress it once, with "
                        + (form == Form.GZIP ? "gzip" : "zlib")
                        + ", and send all of it.");
    }

    private Problem tooLarge() {
        return Streams.tooLarge("too-large-when-unpacked", "The unpacked content", maxBytes);
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}

package dev.davy.bench;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Cuts the bytes of one keep-alive connection into HTTP/1.1 replies and looks at nothing but the
/// status, the `content-length` and the `davy-version`: a load generator must be lighter than what
/// it loads.
final class Replies {
    private static final byte[] CONTENT_LENGTH =
            "content-length:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] VERSION =
            "davy-version:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private byte[] held = new byte[8 * 1024];
    private int length;
    private int bodyLength;
    private long good;
    private long bad;
    private String version = "";
    private byte[] versionBytes = new byte[0];

    /// Takes what arrived; returns how many replies it completed.
    int accept(ByteBuf arrived) {
        int more = arrived.readableBytes();
        if (length + more > held.length)
            held = Arrays.copyOf(held, Math.max(length + more, 2 * held.length));
        arrived.readBytes(held, length, more);
        length += more;
        int from = 0;
        int complete = 0;
        while (true) {
            int body = bodyAt(from);
            if (body < 0 || body + bodyLength > length) break;
            if (held[from + STATUS_AT] == '2'
                    && held[from + STATUS_AT + 1] == '0'
                    && held[from + STATUS_AT + 2] == '0') good++;
            else bad++;
            complete++;
            from = body + bodyLength;
        }
        if (from > 0) {
            System.arraycopy(held, from, held, 0, length - from);
            length -= from;
        }
        return complete;
    }

    long good() {
        return good;
    }

    long bad() {
        return bad;
    }

    /// What the last reply that had one said in `davy-version`; empty before.
    String version() {
        return version;
    }

    /// Where the body begins, -1 if the head is not complete; sets `bodyLength`.
    private int bodyAt(int from) {
        byte[] a = held;
        int found = -1;
        int lineStart = from;
        for (int i = from; i < length; i++) {
            if (a[i] != '\n') continue;
            if (i - lineStart <= 1 && i > from) {
                if (found < 0)
                    throw new IllegalStateException("a reply without content-length: " + head(i));
                bodyLength = found;
                return i + 1;
            }
            if ((a[lineStart] | 0x20) == 'c' && is(CONTENT_LENGTH, lineStart))
                found = number(lineStart + CONTENT_LENGTH.length);
            if ((a[lineStart] | 0x20) == 'd' && is(VERSION, lineStart))
                version(lineStart + VERSION.length, i);
            lineStart = i + 1;
        }
        return -1;
    }

    private boolean is(byte[] name, int at) {
        if (at + name.length >= length) return false;
        for (int i = 0; i < name.length; i++)
            if ((held[at + i] | 0x20) != (name[i] | 0x20)) return false;
        return true;
    }

    /// Most replies come from the version that the last came from: then nothing is made.
    private void version(int from, int lineEnd) {
        while (held[from] == ' ') from++;
        int end = held[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (Arrays.equals(held, from, end, versionBytes, 0, versionBytes.length)) return;
        versionBytes = Arrays.copyOfRange(held, from, end);
        version = new String(versionBytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private int number(int at) {
        while (held[at] == ' ') at++;
        int value = 0;
        for (; held[at] >= '0' && held[at] <= '9'; at++) value = 10 * value + held[at] - '0';
        return value;
    }

    private String head(int end) {
        return new String(held, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}

package dev.davy.monitoring.notify;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// Which addresses are not for webhooks: those behind which something may answer that trusts
/// whoever reaches it. After the registries of special addresses (RFC 6890 and its successors).
final class Internal {
    private Internal() {}

    /// What the address is, if it is internal: `a loopback address`.
    static Optional<String> why(InetAddress address) {
        if (address.isAnyLocalAddress()) return Optional.of("the unspecified address");
        if (address.isLoopbackAddress()) return Optional.of("a loopback address");
        if (address.isLinkLocalAddress())
            return Optional.of("a link-local address, as clouds use for their metadata");
        if (address.isSiteLocalAddress()) return Optional.of("a private address");
        if (address.isMulticastAddress()) return Optional.of("a multicast address");
        var bytes = address.getAddress();
        return address instanceof Inet4Address ? four(bytes) : six(bytes);
    }

    private static Optional<String> four(byte[] b) {
        int first = b[0] & 0xFF;
        int second = b[1] & 0xFF;
        int third = b[2] & 0xFF;
        if (first == 0) return Optional.of("an address of this network");
        if (first == 100 && second >= 64 && second < 128)
            return Optional.of("a private address of a provider");
        if (first == 192 && second == 0 && third == 0) return Optional.of("a reserved address");
        if (first == 198 && (second == 18 || second == 19))
            return Optional.of("an address for tests of networks");
        if (first >= 240) return Optional.of("a reserved address");
        return Optional.empty();
    }

    private static Optional<String> six(byte[] b) {
        if ((b[0] & 0xFE) == 0xFC) return Optional.of("a private address");
        // Addresses that hold one of the other kind: NAT64, 6to4, and what is left of ::a.b.c.d.
        if (begins(b, 0x00, 0x64, 0xFF, 0x9B)) return inside(b, 12);
        if (begins(b, 0x20, 0x02)) return inside(b, 2);
        if (begins(b, 0x20, 0x01, 0x00, 0x00)) return Optional.of("a tunnelled address");
        boolean low = true;
        for (int i = 0; i < 12; i++) low &= b[i] == 0;
        return low ? inside(b, 12) : Optional.empty();
    }

    private static boolean begins(byte[] address, int... bytes) {
        for (int i = 0; i < bytes.length; i++) if ((address[i] & 0xFF) != bytes[i]) return false;
        return true;
    }

    private static Optional<String> inside(byte[] b, int from) {
        try {
            return why(InetAddress.getByAddress(Arrays.copyOfRange(b, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.davy.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The names by which callers may address this server. Without this list a page of any site can
/// make a browser on this machine speak to us under the site's own name (DNS rebinding).
final class Hosts {
    private final Set<String> allowed = new HashSet<>();
    private final Set<String> ownMachine = new HashSet<>();

    /// @param address that the server is bound to
    Hosts(HttpSettings settings, InetAddress address, int port) {
        for (var name : Set.of("localhost", "127.0.0.1", "[::1]")) {
            add(allowed, name, port);
            if (address.isLoopbackAddress()) add(ownMachine, name, port);
        }
        add(allowed, bracketed(settings.host()), port);
        if (address.isLoopbackAddress()) add(ownMachine, bracketed(settings.host()), port);
        if (address.isAnyLocalAddress()) addInterfaces(port);
        for (var host : settings.allowedHosts()) add(allowed, host, port);
    }

    boolean allow(String host) {
        return allowed.contains(host) || allowed.contains(host.toLowerCase(Locale.ROOT));
    }

    /// Whether this is a name of the loopback address, and we are bound to nothing else: then only
    /// this machine's own users come that way.
    boolean isOwnMachine(String host) {
        return ownMachine.contains(host) || ownMachine.contains(host.toLowerCase(Locale.ROOT));
    }

    private static void add(Set<String> names, String name, int port) {
        var lower = name.toLowerCase(Locale.ROOT);
        names.add(lower);
        boolean hasPort = lower.matches(".*[^:]:[0-9]+") && !lower.endsWith("]");
        if (!hasPort) names.add(lower + ":" + port);
    }

    /// Bound to all addresses, callers use any of them. No foreign page can: it would have to come
    /// from that very address.
    private void addInterfaces(int port) {
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(each -> add(allowed, bracketed(each.getHostAddress()), port));
        } catch (SocketException e) {
            throw new IllegalStateException("this machine's addresses cannot be listed", e);
        }
    }

    private static String bracketed(String address) {
        var plain = address.replaceAll("%.*", "");
        return plain.indexOf(':') >= 0 && !plain.startsWith("[") ? "[" + plain + "]" : plain;
    }
}

package dev.davy.server;

import dev.davy.http.FastPath;
import dev.davy.http.HttpServer;
import dev.davy.http.HttpSettings;
import dev.davy.http.Routes;
import dev.davy.registry.ModelRoutes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/// Davy on a port.
public final class Server implements AutoCloseable {
    private final Davy davy;
    private final HttpServer http;
    private final Optional<Path> firstToken;

    private Server(Davy davy, HttpServer http, Optional<Path> firstToken) {
        this.davy = davy;
        this.http = http;
        this.firstToken = firstToken;
    }

    /// Starts, and returns when it is ready to answer.
    ///
    /// @throws dev.davy.strict.Problem `data-folder-in-use`, `address-in-use`, `address-not-here`
    public static Server start(Settings settings) {
        var davy = Davy.open(settings);
        try {
            // Whoever opens the door to others gets the key first.
            var adminToken = davy.folder().file("admin.token");
            boolean made = !isLoopback(settings.host()) && davy.tokens().createFirst(adminToken);
            var http = HttpServer.start(address(davy), routes(davy), FastPath.NONE, davy.tokens());
            return new Server(davy, http, made ? Optional.of(adminToken) : Optional.empty());
        } catch (Throwable failure) {
            davy.close();
            throw failure;
        }
    }

    private static HttpSettings address(Davy davy) {
        var settings = davy.settings();
        var plain =
                HttpSettings.of(settings.host(), settings.port(), davy.folder().temporary())
                        .allowing(settings.allowedHosts())
                        .within(settings.limits());
        return new HttpSettings(
                plain.host(),
                plain.port(),
                plain.allowedHosts(),
                plain.limits(),
                plain.temporary(),
                plain.eventLoops(),
                plain.calls(),
                settings.drain());
    }

    static Routes routes(Davy davy) {
        var routes = new Routes();
        ModelRoutes.addTo(routes, davy.models(), davy.events());
        TokenRoutes.addTo(routes, davy.tokens());
        return routes;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // not an address of this machine: listening there will say so
            return false;
        }
    }

    public Davy davy() {
        return davy;
    }

    public int port() {
        return http.port();
    }

    /// Where the first administrator's token was written, if it was at this start.
    public Optional<Path> firstToken() {
        return firstToken;
    }

    /// Not ready any more, no new calls; those that run finish within the drain time; then what was
    /// logged is synced and everything closed.
    @Override
    public void close() {
        try {
            http.close();
        } finally {
            davy.close();
        }
    }
}

package dev.davy.http;

import dev.davy.strict.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// Where the server listens and what it lets in.
///
/// @param host an address or name of this machine; anything but loopback needs tokens
/// @param port 0 for any free one
/// @param allowedHosts further names by which callers may address it (the `Host` header), with or
///   without a port; loopback names and `host` are always among them
/// @param limits those of requests and connections
/// @param temporary an existing folder for uploads on their way; what is in it may be deleted at
///   the start
/// @param eventLoops threads of the data path
/// @param calls management calls at the same time; more are answered 503
/// @param drain how long calls may go on after [HttpServer#close] began
public record HttpSettings(
        String host,
        int port,
        Set<String> allowedHosts,
        Limits limits,
        Path temporary,
        int eventLoops,
        int calls,
        Duration drain) {

    public HttpSettings {
        allowedHosts = Set.copyOf(allowedHosts);
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("port is " + port);
        if (eventLoops < 1) throw new IllegalArgumentException("eventLoops is " + eventLoops);
        if (calls < 1) throw new IllegalArgumentException("calls is " + calls);
    }

    /// The defaults: limits of the house, one event loop per core, 256 calls, 30 s to drain.
    public static HttpSettings of(String host, int port, Path temporary) {
        return new HttpSettings(
                host,
                port,
                Set.of(),
                Limits.DEFAULT,
                temporary,
                Runtime.getRuntime().availableProcessors(),
                256,
                Duration.ofSeconds(30));
    }

    public HttpSettings allowing(Set<String> hosts) {
        return new HttpSettings(host, port, hosts, limits, temporary, eventLoops, calls, drain);
    }

    public HttpSettings within(Limits limits) {
        return new HttpSettings(
                host, port, allowedHosts, limits, temporary, eventLoops, calls, drain);
    }

    public HttpSettings draining(Duration drain) {
        return new HttpSettings(
                host, port, allowedHosts, limits, temporary, eventLoops, calls, drain);
    }
}

package dev.davy.monitoring.notify;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a site says of its deliveries.
///
/// @param smtp the server that takes letters; none: letters can't be sent
/// @param allowHosts names and addresses that webhooks may reach although they are internal, each
///   with or without a port
/// @param secrets files with what webhooks are signed with, by name
public record NotifySettings(
        Optional<Smtp> smtp, Set<String> allowHosts, Map<String, Path> secrets) {

    public static final NotifySettings NONE =
            new NotifySettings(Optional.empty(), Set.of(), Map.of());

    public NotifySettings {
        allowHosts = Set.copyOf(allowHosts);
        secrets = Map.copyOf(secrets);
    }

    /// A mail server.
    ///
    /// @param user empty: nobody logs in
    /// @param starttls whether the connection must become an encrypted one
    /// @param from who writes, where a channel does not say so
    public record Smtp(
            String host, int port, String user, String password, boolean starttls, String from) {
        // Never the password: records are printed in messages.
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}

package dev.davy.access;

import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Named tokens. A token is shown once, when it is made; only its hash is kept.
@SuppressWarnings("DoNotCallSuggester")
public final class Tokens {
    /// A token as it can be shown: without its secret.
    public record Token(String name, Role role, Instant at, String who) {}

    public Tokens(Database database, Ids ids, InstantSource clock) {}

    /// Makes a token.
    ///
    /// @return the text that its holder sends; it cannot be had again
    /// @throws dev.davy.strict.Problem CONFLICT `token-exists`
    public String create(String name, Role role, String who, String why) {
        throw new IllegalStateException("not there yet");
    }

    /// All that are valid, by name.
    public List<Token> list() {
        throw new IllegalStateException("not there yet");
    }

    /// Makes it invalid at once.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `token-unknown`
    public void revoke(String name, String who, String why) {
        throw new IllegalStateException("not there yet");
    }

    /// Whose token this is. Asks memory only, so it may be called for every request.
    public Optional<Principal> check(String bearer) {
        throw new IllegalStateException("not there yet");
    }

    /// Grows when a token comes or goes: whoever remembers an answer of [#check] asks again when
    /// this has changed.
    public long generation() {
        throw new IllegalStateException("not there yet");
    }

    /// Takes over what other processes on the same database have changed.
    public void refresh() {
        throw new IllegalStateException("not there yet");
    }

    /// The first administrator's token, if there are no tokens at all: written to this file, which
    /// only its owner can read.
    ///
    /// @return whether it was made
    public boolean createFirst(Path adminToken) {
        throw new IllegalStateException("not there yet");
    }
}

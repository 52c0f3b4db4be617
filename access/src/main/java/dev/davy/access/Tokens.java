package dev.davy.access;

import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Hashes;
import dev.davy.strict.Json;
import dev.davy.strict.Names;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/// Named tokens. A token is shown once, when it is made; only its hash is kept.
///
/// A token is `davy_`, the key by which it is found (16 hexadecimal digits), `_`, and 256 random
/// bits. These are too many to be guessed, so a plain hash keeps them; a slow one would only slow
/// requests.
public final class Tokens {
    private static final String PREFIX = "davy_";
    private static final int KEY_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int LENGTH = PREFIX.length() + 2 * KEY_BYTES + 1 + 43;

    /// A token as it can be shown: without its secret.
    public record Token(String name, Role role, Instant at, String who) {}

    private record Known(Token token, String hash, Principal principal) {}

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong generation = new AtomicLong();

    // By key; replaced whole, read by every request.
    private volatile Map<String, Known> known = Map.of();

    public Tokens(Database database, Ids ids, InstantSource clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        refresh();
    }

    /// Makes a token.
    ///
    /// @param who makes it, and `why`: they stand in the event
    /// @return the text that its holder sends; it cannot be had again
    /// @throws Problem CONFLICT `token-exists`; MALFORMED `name-not-allowed`
    public String create(String name, Role role, String who, String why) {
        Names.check("token", name);
        var secret = newSecret();
        database.write(handle -> {
            if (exists(handle, name)) throw exists(name);
            return insert(handle, secret, new Token(name, role, clock.instant(), who), why);
        });
        refresh();
        return secret;
    }

    /// All that are valid, by name.
    public List<Token> list() {
        return known.values().stream()
                .map(Known::token)
                .sorted(Comparator.comparing(Token::name))
                .toList();
    }

    /// Makes it invalid at once.
    ///
    /// @throws Problem NOT_FOUND `token-unknown`; CONFLICT `token-last-admin` for the only
    ///   administrator's, without whom no token could be made any more
    public void revoke(String name, String who, String why) {
        Names.check("token", name);
        database.write(handle -> {
            var role =
                    handle.select("SELECT role FROM tokens WHERE name = ?", name)
                            .mapTo(String.class)
                            .findOne()
                            .orElseThrow(() -> unknown(name));
            if (role.equals(Role.ADMIN.name()) && admins(handle) == 1) throw lastAdmin(name);
            handle.execute("DELETE FROM tokens WHERE name = ?", name);
            record(handle, name, "revoked", Role.valueOf(role), who, why);
            return true;
        });
        refresh();
    }

    /// Whose token this is. Asks memory only, so it may be called for every request.
    ///
    /// @param bearer what stands after `Bearer ` in the request
    public Optional<Principal> check(String bearer) {
        if (bearer.length() != LENGTH || !bearer.startsWith(PREFIX)) return Optional.empty();
        // The key is no secret, so it may be looked up in a time that shows whether it is there.
        var found = known.get(key(bearer));
        if (found == null) return Optional.empty();
        return Hashes.same(found.hash, hash(bearer))
                ? Optional.of(found.principal)
                : Optional.empty();
    }

    /// Grows when a token comes or goes: whoever remembers an answer of [#check] asks again when
    /// this has changed.
    public long generation() {
        return generation.get();
    }

    /// Takes over what other processes on the same database have changed.
    public void refresh() {
        // One after the other, or an older state could replace a newer one.
        synchronized (this) {
            var before = known;
            var now = database.read(Tokens::load);
            known = now;
            if (!now.equals(before)) generation.incrementAndGet();
        }
    }

    /// The first administrator's token, if there are no tokens at all: written to this file, which
    /// only its owner can read.
    ///
    /// @return whether it was made
    /// @throws Problem UNAVAILABLE `admin-token-unwritable`
    public boolean createFirst(Path adminToken) {
        if (!known.isEmpty()) return false;
        var secret = newSecret();
        // The file first: a crash in between leaves a token that is not valid, and the next start
        // makes another; the other way round nobody would know the only valid one.
        writeForOwner(adminToken, secret);
        boolean made =
                database.write(handle -> {
                    if (count(handle) > 0) return false;
                    var token = new Token("admin", Role.ADMIN, clock.instant(), "first-start");
                    return insert(
                            handle,
                            secret,
                            token,
                            "There was no token, and without one nobody could make any.");
                });
        refresh();
        return made;
    }

    private boolean insert(Handle handle, String secret, Token token, String why) {
        handle.execute(
                "INSERT INTO tokens (name, role, key_id, hash, at, who) VALUES (?, ?, ?, ?, ?, ?)",
                token.name(),
                token.role().name(),
                key(secret),
                hash(secret),
                ChronoUnit.MICROS.between(Instant.EPOCH, token.at()),
                token.who());
        record(handle, token.name(), "created", token.role(), token.who(), why);
        return true;
    }

    private void record(
            Handle handle, String name, String what, Role role, String who, String why) {
        var detail = Json.object().put("role", role.name());
        Events.record(
                handle,
                new Event(ids.next(), clock.instant(), "token", name, what, who, why, detail));
    }

    private static Map<String, Known> load(Handle handle) {
        var all = new HashMap<String, Known>();
        handle.select("SELECT name, role, key_id, hash, at, who FROM tokens")
                .map((row, context) -> {
                    var token =
                            new Token(
                                    row.getString("name"),
                                    Role.valueOf(row.getString("role")),
                                    Instant.EPOCH.plus(row.getLong("at"), ChronoUnit.MICROS),
                                    row.getString("who"));
                    var principal = new Principal(token.name, token.role);
                    return Map.entry(
                            row.getString("key_id"),
                            new Known(token, row.getString("hash"), principal));
                })
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return Map.copyOf(all);
    }

    private static boolean exists(Handle handle, String name) {
        return handle.select("SELECT count(*) FROM tokens WHERE name = ?", name)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    private static int count(Handle handle) {
        return handle.select("SELECT count(*) FROM tokens").mapTo(int.class).one();
    }

    private static int admins(Handle handle) {
        return handle.select("SELECT count(*) FROM tokens WHERE role = ?", Role.ADMIN.name())
                .mapTo(int.class)
                .one();
    }

    private String newSecret() {
        var key = new byte[KEY_BYTES];
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(key);
        random.nextBytes(secret);
        return PREFIX
                + HexFormat.of().formatHex(key)
                + "_"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static String key(String secret) {
        return secret.substring(PREFIX.length(), PREFIX.length() + 2 * KEY_BYTES);
    }

    private static String hash(String secret) {
        return Hashes.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeForOwner(Path file, String secret) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        var ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try {
            // Made anew, so that it never has the rights of what lay there before.
            Files.deleteIfExists(file);
            try (var channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            ownerOnly)) {
                var text = ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.US_ASCII));
                while (text.hasRemaining()) channel.write(text);
                channel.force(true);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "admin-token-unwritable",
                    "The first administrator's token cannot be written.",
                    e.toString(),
                    "Make the data folder writable and start again.");
        }
    }

    private static Problem exists(String name) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "token-exists",
                "There is a token '" + name + "' already.",
                "A token's name says who did what, so it is given once.",
                "Choose another name, or revoke the old token first.");
    }

    private static Problem unknown(String name) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "token-unknown",
                "There is no token '" + name + "'.",
                "It was never made, or it was revoked.",
                "See which there are: davy token list.");
    }

    private static Problem lastAdmin(String name) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "token-last-admin",
                "The token '" + name + "' cannot be revoked.",
                "It is the only administrator's, and without one no token could be made.",
                "Make another administrator's token first.");
    }
}

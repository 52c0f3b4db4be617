package dev.davy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.storage.Backends;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final InstantSource NOON =
            InstantSource.fixed(Instant.parse("2025-06-01T12:00:00Z"));

    @TempDir Path folder;

    @ContractTest
    void knowsWhoseTokenItIs(Database database) {
        var tokens = tokens(database);
        var ada = tokens.create("ada", Role.OPERATOR, "admin", "runs the models");
        var app = tokens.create("till-7", Role.SERVICE, "ada", "");
        assertThat(tokens.check(ada)).contains(new Principal("ada", Role.OPERATOR));
        assertThat(tokens.check(app)).contains(new Principal("till-7", Role.SERVICE));
        assertThat(ada).isNotEqualTo(app).hasSameSizeAs(app).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.list())
                .containsExactly(
                        new Tokens.Token("ada", Role.OPERATOR, NOON.instant(), "admin"),
                        new Tokens.Token("till-7", Role.SERVICE, NOON.instant(), "ada"));
    }

    @ContractTest
    void knowsNoOtherText(Database database) {
        var tokens = tokens(database);
        var ada = tokens.create("ada", Role.ADMIN, "admin", "");
        int last = ada.length() - 1;
        Stream.of(
                        "",
                        "ada",
                        "davy_",
                        " " + ada,
                        ada + " ",
                        ada.substring(0, last),
                        ada.substring(0, last) + (ada.charAt(last) == 'A' ? 'B' : 'A'),
                        ada.replaceFirst("davy_.", "davy_-"),
                        ada.substring(0, 22) + "A".repeat(43),
                        "x".repeat(ada.length()),
                        "x".repeat(1_000_000))
                .forEach(text -> assertThat(tokens.check(text)).as(text).isEmpty());
    }

    @ContractTest
    void forgetsARevokedTokenAtOnceAndSaysSo(Database database) {
        var tokens = tokens(database);
        var admin = tokens.create("root", Role.ADMIN, "local", "");
        var ada = tokens.create("ada", Role.VIEWER, "root", "");
        long before = tokens.generation();
        tokens.revoke("ada", "root", "left us");
        assertThat(tokens.check(ada)).isEmpty();
        assertThat(tokens.check(admin)).isPresent();
        assertThat(tokens.generation()).isGreaterThan(before);
        var events = new Events(database).of("token", "ada", Optional.empty(), 10);
        assertThat(events).extracting(Event::what).containsExactly("revoked", "created");
        assertThat(events.getFirst().who()).isEqualTo("root");
        assertThat(events.getFirst().why()).isEqualTo("left us");
        assertThatThrownBy(() -> tokens.revoke("ada", "root", "")).hasMessageContaining("no token");
    }

    @ContractTest
    void keepsTheLastAdministrator(Database database) {
        var tokens = tokens(database);
        tokens.create("root", Role.ADMIN, "local", "");
        tokens.create("ada", Role.OPERATOR, "root", "");
        assertThatThrownBy(() -> tokens.revoke("root", "root", ""))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("token-last-admin"));
        tokens.create("eve", Role.ADMIN, "root", "");
        tokens.revoke("root", "eve", "");
        assertThat(tokens.list()).extracting(Tokens.Token::name).containsExactly("ada", "eve");
    }

    @ContractTest
    void givesANameOnce(Database database) {
        var tokens = tokens(database);
        var first = tokens.create("ada", Role.VIEWER, "root", "");
        assertThatThrownBy(() -> tokens.create("ada", Role.ADMIN, "root", ""))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("token-exists"));
        assertThatThrownBy(() -> tokens.create("../ada", Role.ADMIN, "root", ""))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("name-not-allowed"));
        assertThat(tokens.check(first)).contains(new Principal("ada", Role.VIEWER));
    }

    @ContractTest
    void keepsHashesOnlyAndKnowsThemAfterARestart(Backends.Backend backend) {
        var first = backend.open();
        var ada = tokens(first).create("ada", Role.OPERATOR, "root", "");
        first.close();
        var second = backend.open();
        assertThat(tokens(second).check(ada)).isPresent();
        var stored =
                second.read(handle -> handle.select("SELECT * FROM tokens").mapToMap().list())
                        .toString();
        assertThat(stored).contains("ada").doesNotContain(ada.substring(ada.length() - 20));
    }

    @ContractTest
    void seesWhatAnotherProcessDidAfterARefresh(Backends.Backend backend) {
        var here = tokens(backend.open());
        var there = tokens(backend.open());
        var ada = there.create("ada", Role.OPERATOR, "root", "");
        assertThat(here.check(ada)).isEmpty();
        here.refresh();
        assertThat(here.check(ada)).isPresent();
        long before = here.generation();
        here.refresh();
        assertThat(here.generation()).isEqualTo(before);
    }

    @ContractTest
    void writesTheFirstAdministratorsTokenForItsOwnerOnly(Database database) throws Exception {
        var file = Files.writeString(folder.resolve("admin.token"), "from before");
        var tokens = tokens(database);
        assertThat(tokens.createFirst(file)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var secret = Files.readString(file).strip();
        assertThat(tokens.check(secret)).contains(new Principal("admin", Role.ADMIN));
        assertThat(tokens.createFirst(file)).isFalse();
        assertThat(Files.readString(file).strip()).isEqualTo(secret);
    }

    private static Tokens tokens(Database database) {
        return new Tokens(database, new Ids(1, InstantSource.system()), NOON);
    }
}

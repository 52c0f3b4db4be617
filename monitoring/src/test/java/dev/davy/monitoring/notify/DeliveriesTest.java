package dev.davy.monitoring.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.storage.Backends.Backend;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;

/// Alarms on their way to real servers.
@Timeout(180)
class DeliveriesTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private final Ids ids = new Ids(0, clock);
    private final Map<String, List<Channel>> channels = new HashMap<>();

    private Deliveries start(Database database, NotifySettings settings, Duration together) {
        return Deliveries.start(
                database,
                new Events(database),
                ids,
                clock,
                settings,
                name -> channels.getOrDefault(name, List.of()),
                name ->
                        name.equals("ONCALL")
                                ? Optional.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                                : Optional.empty(),
                together);
    }

    private static NotifySettings allowing(Target target) {
        return new NotifySettings(Optional.empty(), Set.of("127.0.0.1:" + target.port()), Map.of());
    }

    private void tell(String endpoint, String declared) {
        channels.put(
                endpoint,
                Channel.read(
                        Json.read(
                                declared.getBytes(StandardCharsets.UTF_8),
                                dev.davy.strict.Limits.DEFAULT)));
    }

    private void alarm(Database database, String name, String action, String group) {
        var detail = Json.object().put("alarm", group + name).put("severity", "critical");
        detail.put("why", "The mean of " + name + " went from 0.1 to 0.9.").put("group", group);
        database.write(handle -> {
            Events.record(
                    handle,
                    new Event(
                            ids.next(),
                            clock.instant().truncatedTo(ChronoUnit.MICROS),
                            "alarm",
                            name,
                            action,
                            "monitor",
                            "",
                            detail));
            return true;
        });
    }

    /// The first look only notes from where on there is news.
    private static void looked(Database database) throws InterruptedException {
        until(() -> database.read(DeliveryTable::cursor).isPresent());
    }

    private static void until(BooleanSupplier is) throws InterruptedException {
        for (int i = 0; i < 6_000 && !is.getAsBoolean(); i++) Thread.sleep(10);
        assertThat(is.getAsBoolean()).isTrue();
    }

    private static Optional<Delivery> only(Deliveries deliveries, Delivery.State state) {
        return deliveries.list(Optional.empty(), Optional.of(state), 10).stream().findFirst();
    }

    @ContractTest
    void anAlarmIsPostedSignedAndOnce(Database database) throws Exception {
        try (var target = new Target(0)) {
            tell(
                    "power",
                    "[{\"webhook\":\"%s\",\"secret\":\"ONCALL\"}]"
                            .formatted(target.url("/davy?to=us")));
            try (var deliveries = start(database, allowing(target), AT_ONCE)) {
                looked(database);
                alarm(database, "power/price", "pending", "g");
                alarm(database, "power/price", "firing", "g");
                alarm(database, "other/price", "firing", "g");
                var got = target.next();
                assertThat(got.path()).isEqualTo("/davy?to=us");
                assertThat(got.header("content-type")).startsWith("application/cloudevents+json");
                long seconds = Long.parseLong(got.header("webhook-timestamp"));
                assertThat(got.header("webhook-signature"))
                        .isEqualTo(
                                Signature.of(
                                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                        got.header("webhook-id"),
                                        seconds,
                                        got.body()));
                var event = got.json();
                assertThat(event.path("id").asString()).isEqualTo(got.header("webhook-id"));
                assertThat(event.path("source").asString()).isEqualTo("/endpoints/power");
                assertThat(event.at("/data/alarms").size()).isEqualTo(1);
                assertThat(event.at("/data/alarms/0/action").asString()).isEqualTo("firing");
                assertThat(event.at("/data/alarms/0/severity").asString()).isEqualTo("critical");
                until(() -> only(deliveries, Delivery.State.SENT).isPresent());
                assertThat(deliveries.counts())
                        .containsEntry("sent", 1L)
                        .containsEntry("waiting", 0L);
                alarm(database, "power/price", "resolved", "g");
                assertThat(target.next().json().at("/data/alarms/0/action").asString())
                        .isEqualTo("resolved");
                assertThat(target.got).isEmpty();
            }
        }
    }

    @ContractTest
    void alarmsOfOneCauseAreToldTogether(Database database) throws Exception {
        try (var target = new Target(0)) {
            tell("power", "[{\"webhook\":\"%s\",\"format\":\"slack\"}]".formatted(target.url("/")));
            try (var deliveries = start(database, allowing(target), Duration.ofSeconds(30))) {
                looked(database);
                for (var each : List.of("price", "demand", "transfer"))
                    alarm(database, "power/" + each, "firing", "victoria joins");
                alarm(database, "power/errors", "firing", "another");
                until(() ->
                        deliveries.list(Optional.empty(), Optional.empty(), 10).stream()
                                        .mapToInt(each -> each.news().size())
                                        .sum()
                                == 4);
                assertThat(target.got).isEmpty();
                ahead.set(Duration.ofSeconds(31));
                var both =
                        target.next().json().path("text").asString()
                                + target.next().json().path("text").asString();
                assertThat(both).contains("and 2 more", "price", "demand", "transfer", "errors");
                until(() -> deliveries.counts().getOrDefault("sent", 0L) == 2);
            }
        }
    }

    @ContractTest
    void whoIsAwayIsToldWhenTheyComeBackEvenAfterARestart(Backend backend) throws Exception {
        int port;
        try (var taken = new Target(0)) {
            port = taken.port();
        }
        var settings = new NotifySettings(Optional.empty(), Set.of("127.0.0.1"), Map.of());
        tell("power", "[{\"webhook\":\"http://127.0.0.1:%d/\"}]".formatted(port));
        var database = backend.open();
        String id;
        try (var deliveries = start(database, settings, AT_ONCE)) {
            looked(database);
            alarm(database, "power/price", "firing", "g");
            until(() ->
                    only(deliveries, Delivery.State.WAITING)
                            .filter(each -> each.attempts() == 1)
                            .isPresent());
            var waiting = only(deliveries, Delivery.State.WAITING).orElseThrow();
            assertThat(waiting.lastError()).contains("connection failed");
            id = waiting.id();
        }
        database.close();
        ahead.set(Duration.ofHours(2));
        database = backend.open();
        try (var target = new Target(port);
                var deliveries = start(database, settings, AT_ONCE)) {
            target.answers(503, 302);
            assertThat(target.next().header("webhook-id")).isEqualTo(id);
            until(() -> deliveries.one(id).orElseThrow().attempts() == 2);
            ahead.set(Duration.ofHours(4));
            assertThat(target.next().header("webhook-id")).isEqualTo(id);
            until(() -> deliveries.one(id).orElseThrow().attempts() == 3);
            assertThat(deliveries.one(id).orElseThrow().lastError())
                    .contains("redirects are not followed");
            ahead.set(Duration.ofHours(6));
            var got = target.next();
            assertThat(got.header("webhook-id")).isEqualTo(id);
            assertThat(got.path()).isEqualTo("/");
            until(() -> deliveries.one(id).orElseThrow().state() == Delivery.State.SENT);
            assertThat(target.got).isEmpty();
        }
    }

    /// As after `kill -9` in the middle of an attempt: taken, and never noted as sent.
    @ContractTest
    void whatWasTakenAndNotNotedIsToldAgainUnderItsId(Database database) throws Exception {
        try (var target = new Target(0)) {
            tell("power", "[{\"webhook\":\"%s\"}]".formatted(target.url("/")));
            var outbox =
                    new Outbox(
                            database,
                            new Events(database),
                            ids,
                            name -> channels.getOrDefault(name, List.of()),
                            AT_ONCE);
            assertThat(outbox.collect(clock.instant())).isZero();
            alarm(database, "power/price", "firing", "g");
            assertThat(outbox.collect(clock.instant())).isEqualTo(1);
            assertThat(outbox.collect(clock.instant())).isZero();
            var now = clock.instant();
            var delivery = database.read(handle -> DeliveryTable.due(handle, now, 10)).getFirst();
            var again = now.plusSeconds(120);
            assertThat(
                            (boolean)
                                    database.write(
                                            handle -> DeliveryTable.take(handle, delivery, again)))
                    .isTrue();
            assertThat(
                            (boolean)
                                    database.write(
                                            handle -> DeliveryTable.take(handle, delivery, again)))
                    .as("a second one, at the same time")
                    .isFalse();
            try (var _ = start(database, allowing(target), AT_ONCE)) {
                ahead.set(Duration.ofMinutes(3));
                assertThat(target.next().header("webhook-id")).isEqualTo(delivery.id());
            }
        }
    }

    @ContractTest
    void nobodyIsToldForLongerThanADayNorWhereNobodyIs(Database database) throws Exception {
        try (var target = new Target(0)) {
            tell("power", "[{\"webhook\":\"%s\"}]".formatted(target.url("/")));
            try (var deliveries = start(database, allowing(target), AT_ONCE)) {
                target.answers(500, 500, 410);
                var first = deliveries.test("power", "anna").getFirst().id();
                until(() -> deliveries.one(first).orElseThrow().attempts() == 1);
                ahead.set(Duration.ofHours(25));
                until(() -> deliveries.one(first).orElseThrow().state() == Delivery.State.FAILED);
                var second = deliveries.test("power", "anna").getFirst().id();
                until(() -> deliveries.one(second).orElseThrow().state() == Delivery.State.FAILED);
                assertThat(deliveries.one(second).orElseThrow().lastError()).contains("410");
            }
        }
    }

    @ContractTest
    void anInternalAddressIsNotReachedUnlessTheSettingsSaySo(Database database) throws Exception {
        try (var target = new Target(0)) {
            tell(
                    "power",
                    "[{\"webhook\":\"%s\"},{\"webhook\":\"http://localhost:%d/\"},{\"webhook\":\"http://[::ffff:127.0.0.1]:%d/\"}]"
                            .formatted(target.url("/"), target.port(), target.port()));
            try (var deliveries = start(database, NotifySettings.NONE, AT_ONCE)) {
                assertThat(deliveries.test("power", "anna")).hasSize(3);
                until(() ->
                        deliveries.list(Optional.empty(), Optional.empty(), 10).stream()
                                .allMatch(each -> each.attempts() > 0));
                for (var each : deliveries.list(Optional.empty(), Optional.empty(), 10))
                    assertThat(each.lastError()).contains("loopback", "notify.allow-hosts");
                assertThat(target.got).isEmpty();
            }
        }
    }

    @ContractTest
    void aLetterIsTakenByTheMailServer(Database database) throws Exception {
        try (var server = new MailServer()) {
            tell("power", "[{\"email\":[\"anna@example.com\",\"bert@example.com\"]}]");
            var smtp =
                    new NotifySettings.Smtp(
                            "127.0.0.1", server.port(), "davy", "pass", false, "davy@example.com");
            var settings = new NotifySettings(Optional.of(smtp), Set.of(), Map.of());
            try (var deliveries = start(database, settings, AT_ONCE)) {
                looked(database);
                server.refuses("451 come again later");
                alarm(database, "power/prix é", "firing", "g");
                until(() ->
                        only(deliveries, Delivery.State.WAITING)
                                .filter(each -> each.attempts() == 1)
                                .isPresent());
                var waiting = only(deliveries, Delivery.State.WAITING).orElseThrow();
                assertThat(waiting.lastError()).contains("come again later").doesNotContain("pass");
                server.refuses("");
                ahead.set(Duration.ofMinutes(1));
                assertThat(server.next())
                        .contains("AUTH PLAIN")
                        .contains("MAIL FROM:<davy@example.com>")
                        .contains("RCPT TO:<anna@example.com>", "RCPT TO:<bert@example.com>")
                        .contains("Message-ID: <" + waiting.id() + "@davy.invalid>")
                        .contains("Auto-Submitted: auto-generated")
                        .contains("Subject: =?UTF-8?Q?critical:_power/prix_=C3=A9_fires?=");
                until(() -> only(deliveries, Delivery.State.SENT).isPresent());
            }
            // A server that does not offer encryption may be somebody in between.
            var strict =
                    new NotifySettings.Smtp(
                            "127.0.0.1", server.port(), "", "", true, "davy@example.com");
            try (var deliveries =
                    start(
                            database,
                            new NotifySettings(Optional.of(strict), Set.of(), Map.of()),
                            AT_ONCE)) {
                var test = deliveries.test("power", "anna").getFirst().id();
                until(() -> deliveries.one(test).orElseThrow().attempts() == 1);
                assertThat(deliveries.one(test).orElseThrow().lastError()).contains("STARTTLS");
                assertThat(server.letters).isEmpty();
            }
        }
    }
}

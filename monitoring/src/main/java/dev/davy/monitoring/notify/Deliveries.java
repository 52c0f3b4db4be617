package dev.davy.monitoring.notify;

import dev.davy.storage.Database;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the deliveries: looks for new alarms, tries what is due, and tries again what failed, for
/// a day.
///
/// An attempt that arrived and was not noted, because the process was killed in between, is made
/// again under the same id.
public final class Deliveries implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Deliveries.class);

    /// How long a first alarm waits for others of the same cause.
    private static final Duration TOGETHER = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Of one attempt.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// Whoever took a delivery and has not come back by then has died.
    private static final Duration TAKEN = Duration.ofMinutes(2);

    private static final int AT_ONCE = 8;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);

    private final Database database;
    private final InstantSource clock;
    private final NotifySettings settings;
    private final Function<String, Optional<String>> environment;
    private final Outbox outbox;
    private final Post post;
    private final Optional<Mail> mail;
    private final Semaphore wake = new Semaphore(0);
    private final Semaphore free = new Semaphore(AT_ONCE);
    private Instant tidied = Instant.EPOCH;
    private volatile boolean closed;
    private volatile Thread thread = Thread.currentThread();

    private Deliveries(
            Database database,
            Events events,
            Ids ids,
            InstantSource clock,
            NotifySettings settings,
            Function<String, List<Channel>> channels,
            Function<String, Optional<String>> environment,
            Duration together) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
        this.environment = environment;
        outbox = new Outbox(database, events, ids, channels, together);
        post =
                new Post(
                        settings.allowHosts(),
                        PATIENCE,
                        (SSLSocketFactory) SSLSocketFactory.getDefault());
        mail = settings.smtp().map(server -> new Mail(server, PATIENCE));
    }

    /// Starts; what waited from before goes on.
    ///
    /// @param channels of an endpoint, none where it has none or does not exist
    public static Deliveries start(
            Database database,
            Events events,
            Ids ids,
            InstantSource clock,
            NotifySettings settings,
            Function<String, List<Channel>> channels) {
        return start(
                database,
                events,
                ids,
                clock,
                settings,
                channels,
                name -> Optional.ofNullable(System.getenv(name)),
                TOGETHER);
    }

    static Deliveries start(
            Database database,
            Events events,
            Ids ids,
            InstantSource clock,
            NotifySettings settings,
            Function<String, List<Channel>> channels,
            Function<String, Optional<String>> environment,
            Duration together) {
        var deliveries =
                new Deliveries(
                        database, events, ids, clock, settings, channels, environment, together);
        deliveries.thread = Thread.ofVirtual().name("davy-notify").start(deliveries::run);
        return deliveries;
    }

    private void run() {
        while (!closed) {
            try {
                round();
                var _ = wake.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException failed) {
                // The database may be away for a while; nothing of the outbox is lost by that.
                LOGGER.warn("alarms could not be told just now: {}", failed.toString());
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(LOOK_EVERY.multipliedBy(5));
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void round() throws InterruptedException {
        var now = clock.instant();
        outbox.collect(now);
        for (var delivery : database.read(handle -> DeliveryTable.due(handle, now, AT_ONCE))) {
            free.acquire();
            boolean mine =
                    database.write(handle ->
                            DeliveryTable.take(handle, delivery, clock.instant().plus(TAKEN)));
            if (!mine) {
                free.release();
                continue;
            }
            Thread.startVirtualThread(() -> {
                try {
                    attempt(delivery);
                } catch (RuntimeException failed) {
                    LOGGER.warn("a delivery is tried again later: {}", failed.toString());
                } finally {
                    free.release();
                    wake.release();
                }
            });
        }
        if (Duration.between(tidied, now).compareTo(TIDY_EVERY) > 0) {
            database.write(handle -> {
                DeliveryTable.forget(handle, now.minus(KEPT));
                return true;
            });
            tidied = now;
        }
        wake.drainPermits();
    }

    private void attempt(Delivery delivery) {
        try {
            carry(delivery);
            database.write(handle -> {
                DeliveryTable.sent(handle, delivery.id(), clock.instant());
                return true;
            });
        } catch (NotDelivered not) {
            var now = clock.instant();
            var next = Retry.after(delivery.id(), delivery.attempts() + 1, delivery.created(), now);
            boolean over = not.isFinal() || next.isEmpty();
            if (over)
                LOGGER.warn(
                        "gave up telling {} by {}: {}",
                        Message.title(delivery.endpoint(), delivery.news()),
                        delivery.channel().shown(),
                        not.why());
            database.write(handle -> {
                DeliveryTable.failed(
                        handle,
                        delivery.id(),
                        over ? Delivery.State.FAILED : Delivery.State.WAITING,
                        next.orElse(now),
                        not.why());
                return true;
            });
        }
    }

    private void carry(Delivery delivery) throws NotDelivered {
        switch (delivery.channel()) {
            case Channel.Webhook webhook -> {
                boolean chat = webhook.format() == Channel.Format.SLACK;
                var body =
                        chat
                                ? Message.chat(delivery.endpoint(), delivery.news())
                                : Message.cloudEvent(
                                        delivery.id(), delivery.endpoint(), delivery.news());
                post.send(webhook.url(), headers(delivery.id(), webhook, chat, body), body);
            }
            case Channel.Email email -> {
                if (mail.isEmpty())
                    throw NotDelivered.yet("the settings name no mail server: notify.smtp");
                mail.get()
                        .send(
                                delivery.id(),
                                email,
                                Message.title(delivery.endpoint(), delivery.news()),
                                Message.letter(delivery.endpoint(), delivery.news()),
                                delivery.news().getFirst().at());
            }
        }
    }

    private Map<String, String> headers(
            String id, Channel.Webhook webhook, boolean chat, byte[] body) throws NotDelivered {
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", "Davy");
        headers.put(
                "Content-Type",
                chat ? "application/json" : "application/cloudevents+json; charset=utf-8");
        long seconds = clock.instant().getEpochSecond();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", "" + seconds);
        if (webhook.secret().isPresent())
            headers.put(
                    "webhook-signature",
                    Signature.of(secret(webhook.secret().get()), id, seconds, body));
        return headers;
    }

    /// Read at each attempt: a secret that is changed counts at once.
    private String secret(String name) throws NotDelivered {
        var file = settings.secrets().get(name);
        if (file != null)
            try {
                return Files.readString(file, StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                throw NotDelivered.yet("the file of secret " + name + " could not be read");
            }
        return environment
                .apply(name)
                .filter(text -> !text.isBlank())
                .map(String::strip)
                .orElseThrow(() ->
                        NotDelivered.yet(
                                "secret "
                                        + name
                                        + " is neither in notify.secrets of the settings nor in"
                                        + " the environment"));
    }

    /// Newest first.
    List<Delivery> list(Optional<String> endpoint, Optional<Delivery.State> state, int limit) {
        return database.read(handle -> DeliveryTable.list(handle, endpoint, state, limit));
    }

    Optional<Delivery> one(String id) {
        return database.read(handle -> DeliveryTable.get(handle, id));
    }

    /// Sends a test to every channel of an endpoint.
    List<Delivery> test(String endpoint, String who) {
        var made = outbox.test(endpoint, who, clock.instant());
        wake.release();
        return made;
    }

    /// How many deliveries wait, and how many were given up in the last days.
    public Map<String, Long> counts() {
        var counts = new EnumMap<Delivery.State, Long>(Delivery.State.class);
        for (var state : Delivery.State.values()) counts.put(state, 0L);
        database.read(handle -> DeliveryTable.counts(handle)).forEach(counts::put);
        var words = new LinkedHashMap<String, Long>();
        counts.forEach((state, count) ->
                words.put(state.name().toLowerCase(java.util.Locale.ROOT), count));
        return words;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE);
            // Attempts that run are noted before the database is closed; else they are made again.
            var _ = free.tryAcquire(AT_ONCE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

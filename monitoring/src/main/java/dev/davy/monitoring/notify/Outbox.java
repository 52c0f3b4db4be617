package dev.davy.monitoring.notify;

import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes deliveries of events: in one transaction with the note that the event was looked at, so
/// that each is told once it is there, and none twice.
final class Outbox {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outbox.class);

    /// Ids ascend in time and commits do not quite, so the last minutes are looked at again. A
    /// transaction takes seconds at most.
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private static final int PAGE = 500;

    /// More news of one cause than this begin another message.
    private static final int NEWS_MOST = 100;

    private final Database database;
    private final Events events;
    private final Ids ids;
    private final Function<String, List<Channel>> channels;
    private final Duration together;

    /// @param channels of an endpoint
    /// @param together for how long alarms of a common cause are waited for
    Outbox(
            Database database,
            Events events,
            Ids ids,
            Function<String, List<Channel>> channels,
            Duration together) {
        this.database = database;
        this.events = events;
        this.ids = ids;
        this.channels = channels;
        this.together = together;
    }

    /// Looks at all events that are new.
    ///
    /// @return how many deliveries were made
    int collect(Instant now) {
        var cursor = database.read(DeliveryTable::cursor);
        if (cursor.isEmpty()) {
            // What was before anybody could be told is no news.
            database.write(handle -> {
                if (DeliveryTable.cursor(handle).isEmpty())
                    DeliveryTable.moveCursor(handle, atTime(now));
                return true;
            });
            return 0;
        }
        var fresh = since(cursor.get(), News.ALARM);
        fresh.addAll(since(cursor.get(), News.REVIEW));
        fresh.sort(Comparator.comparing((Event each) -> each.id().toString()).reversed());
        var seen = database.read(DeliveryTable::seen);
        fresh.removeIf(event -> seen.contains(event.id().toString()));
        if (fresh.isEmpty()) return 0;
        int made =
                database.write(handle -> {
                    int some = 0;
                    for (var event : fresh.reversed())
                        if (DeliveryTable.see(handle, event.id().toString()))
                            some += made(handle, event, now);
                    return some;
                });
        var last = fresh.getFirst().id();
        var next = atTime(Ids.time(last).minus(AGAIN));
        if (next.compareTo(cursor.get()) > 0)
            database.write(handle -> {
                DeliveryTable.moveCursor(handle, next);
                return true;
            });
        return made;
    }

    /// Newest first, as events are kept.
    private List<Event> since(String cursor, String kind) {
        var fresh = new ArrayList<Event>();
        Optional<UUID> before = Optional.empty();
        while (true) {
            var page = events.all(Optional.of(kind), before, PAGE);
            for (var event : page) {
                if (event.id().toString().compareTo(cursor) < 0) return fresh;
                fresh.add(event);
            }
            if (page.size() < PAGE) return fresh;
            before = Optional.of(page.getLast().id());
        }
    }

    /// The least id of a moment.
    private static String atTime(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000, 1L << 63).toString();
    }

    private int made(Handle handle, Event event, Instant now) {
        var news = News.of(event);
        if (news.isEmpty()) return 0;
        List<Channel> to;
        try {
            to = channels.apply(news.get().endpoint());
        } catch (RuntimeException unreadable) {
            LOGGER.warn(
                    "nobody is told of alarms of '{}': {}",
                    news.get().endpoint(),
                    unreadable.getMessage());
            return 0;
        }
        int some = 0;
        for (var channel : to)
            if (news.get().isFor(channel)) {
                put(handle, news.get(), channel, now);
                some++;
            }
        return some;
    }

    private void put(Handle handle, News news, Channel channel, Instant now) {
        // A decision has no company to wait for: somebody waits for it.
        var due = news.isDecision() ? now : now.plus(together);
        var fresh = delivery(news, channel, now, due);
        var open = DeliveryTable.open(handle, fresh, now);
        if (open.isPresent() && open.get().news().size() < NEWS_MOST)
            DeliveryTable.add(handle, open.get(), news);
        else DeliveryTable.put(handle, fresh);
    }

    /// A message that tries the channels of an endpoint, at once.
    List<Delivery> test(String endpoint, String who, Instant now) {
        var made = new ArrayList<Delivery>();
        for (var channel : channels.apply(endpoint)) {
            var news = News.test(ids.next().toString(), now, endpoint, who);
            made.add(delivery(news, channel, now, now));
        }
        database.write(handle -> {
            for (var each : made) DeliveryTable.put(handle, each);
            return true;
        });
        return made;
    }

    private Delivery delivery(News news, Channel channel, Instant now, Instant due) {
        return new Delivery(
                ids.next().toString(),
                news.endpoint(),
                channel,
                news.group(),
                List.of(news),
                Delivery.State.WAITING,
                now.truncatedTo(ChronoUnit.MICROS),
                due.truncatedTo(ChronoUnit.MICROS),
                0,
                "",
                Optional.empty());
    }
}

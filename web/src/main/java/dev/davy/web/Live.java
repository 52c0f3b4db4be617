package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.monitoring.Windows;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Tells pages that there is something new: server-sent events.
final class Live {
    /// Pages that are told; others ask by themselves, now and then.
    private static final int STREAMS_MOST = 64;

    /// No more often than a person can follow.
    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    /// Something is said at least this often, so that who has gone is noticed.
    private static final Duration AT_MOST = Duration.ofSeconds(15);

    private final Windows windows;
    private final Story story;
    private final Semaphore streams = new Semaphore(STREAMS_MOST);

    Live(Windows windows, Story story) {
        this.windows = windows;
        this.story = story;
    }

    Response stream(Request request) {
        if (!request.headers().first("accept").orElse("").contains("text/event-stream"))
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "not-an-event-stream",
                    "This address tells what is new, without end.",
                    "The request does not accept text/event-stream.",
                    "Ask with the header Accept: text/event-stream.");
        return new Response(
                200, Map.of(), new Response.Content.Stream("text/event-stream", this::writeTo));
    }

    private void writeTo(Response.Sink sink) throws Exception {
        if (!streams.tryAcquire()) {
            say(sink, "retry: 30000\n\n"); // the page asks again then
            return;
        }
        try {
            say(sink, "retry: 3000\n\n");
            long seen = windows.generation();
            long said = System.nanoTime();
            var place = tell(sink, Optional.empty());
            while (!windows.isClosed()) {
                long now = windows.awaitChange(seen, AT_MOST);
                long since = System.nanoTime() - said;
                if (now != seen && since < AT_LEAST.toNanos()) {
                    Thread.sleep(Duration.ofNanos(AT_LEAST.toNanos() - since));
                    now = windows.generation();
                }
                if (now != seen) say(sink, "event: new\ndata: " + now + "\n\n");
                else if (!windows.isClosed()) say(sink, ": still here\n\n");
                place = tell(sink, place);
                seen = now;
                said = System.nanoTime();
            }
        } finally {
            streams.release();
        }
    }

    /// Where the story is, if it was not there before.
    private Optional<Story.Place> tell(Response.Sink sink, Optional<Story.Place> before)
            throws Exception {
        var place = story.place();
        if (place.isPresent() && !place.equals(before)) {
            var chapter = place.get().chapter();
            var json =
                    Json.object()
                            .put("number", place.get().number())
                            .put("of", place.get().of())
                            .put("title", chapter.title())
                            .put("sentence", chapter.sentence())
                            .put("href", chapter.href());
            say(
                    sink,
                    "event: story\ndata: "
                            + new String(Json.write(json), StandardCharsets.UTF_8)
                            + "\n\n");
        }
        return place;
    }

    private static void say(Response.Sink sink, String text) throws Exception {
        sink.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

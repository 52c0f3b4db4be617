package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Rollouts one after the other, to and fro: every other one is promoted, the rest goes back. Keeps
/// which version may have answered when, also where the server was killed in the middle.
final class SoakSwitches {
    static final String KIND = "rollouts";
    private static final String POLICY =
            "steps: [50% for 24h, 100%]\nbake: 1s\n" + RolloutCalls.GUARDS;
    private static final Duration OVER = Duration.ofSeconds(30);

    private final Whereabouts where;
    private final Tally tally;
    private final Heard heard;
    private final Client client;

    /// Versions that may be answering, and since when.
    private final Map<Integer, Long> standing = new HashMap<>();

    private int live = 1;
    private int promoted;
    private int rolledBack;

    SoakSwitches(Whereabouts where, Tally tally, Heard heard) {
        this.where = where;
        this.tally = tally;
        this.heard = heard;
        client = new Client(where::port, tally.of(KIND));
        standing.put(live, Long.MIN_VALUE);
    }

    static void declare(int port) throws IOException {
        try (var calls = RolloutCalls.at(port, SoakModels.NAME, SoakModels.NAME)) {
            calls.declare(1, POLICY);
        }
    }

    synchronized int promoted() {
        return promoted;
    }

    synchronized int rolledBack() {
        return rolledBack;
    }

    void start(Crew crew, Duration between) {
        crew.start(
                KIND,
                () -> {
                    where.every(between, () -> round(between.dividedBy(2)));
                    client.close();
                });
    }

    /// What is still standing when it is all over was standing to the end.
    void finish() {
        standing.forEach((version, since) ->
                heard.stood(SoakModels.version(version), since, Long.MAX_VALUE));
    }

    private void round(Duration rest) throws InterruptedException {
        int to = 3 - live;
        boolean back = (promoted() + rolledBack()) % 2 == 1;
        // The connection is of that moment: what breaks it later is excused from then on.
        long asked = System.nanoTime();
        try (var calls = RolloutCalls.at(where.port(), SoakModels.NAME, SoakModels.NAME)) {
            standing.putIfAbsent(to, asked);
            calls.begin(to);
            where.rest(rest);
            var said = calls.command(back ? "rollback" : "promote");
            if (!back) {
                int gone = live;
                live = to;
                gone(gone, said.answered());
            } else gone(to, said.answered());
            ended(back);
            calls.awaitOver(OVER);
            tally.answered(KIND);
        } catch (IOException | Unmeasurable failed) {
            tally.failed(KIND, String.valueOf(failed), asked, System.nanoTime());
            settle();
        }
    }

    private synchronized void ended(boolean back) {
        if (back) rolledBack++;
        else promoted++;
    }

    private void gone(int version, long at) {
        var since = standing.remove(version);
        if (since != null) heard.stood(SoakModels.version(version), since, at);
    }

    /// Ends what is under way and looks which version is live: after a kill nobody knows what was
    /// done of what was asked for.
    private void settle() throws InterruptedException {
        while (where.await(false))
            try (var calls = RolloutCalls.at(where.port(), SoakModels.NAME, SoakModels.NAME)) {
                calls.rollBack();
                calls.awaitOver(OVER);
                var reply = client.get("/api/v1/endpoints/" + SoakModels.NAME);
                var endpoint = Json.read(reply.body(), Limits.DEFAULT);
                int version = 0;
                for (var each : endpoint.path("live"))
                    version = SoakModels.version(each.asString(""));
                if (version == 0) throw new Unmeasurable("nothing of ours is live: " + endpoint);
                live = version;
                standing.putIfAbsent(live, System.nanoTime());
                gone(3 - live, System.nanoTime());
                return;
            } catch (IOException | Unmeasurable notYet) {
                where.rest(Duration.ofMillis(100));
            }
    }
}

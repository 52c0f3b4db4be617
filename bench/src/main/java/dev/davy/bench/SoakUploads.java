package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Models that are pushed while all else goes on, one good and one bad in turn: torn, of other
/// shapes than they say, no models at all, or made to do harm.
final class SoakUploads {
    static final String KIND = "uploads";
    private static final String GOOD = "pushed";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Whereabouts where;
    private final Tally tally;
    private final byte[] model;
    private final Random random;
    private final Client client;
    private int good;
    private int bad;

    SoakUploads(Whereabouts where, Tally tally, byte[] model, long seed) {
        this.where = where;
        this.tally = tally;
        this.model = model.clone();
        random = new Random(seed);
        client = new Client(where::port, tally.of(KIND), PATIENCE);
    }

    synchronized int good() {
        return good;
    }

    synchronized int bad() {
        return bad;
    }

    void start(Crew crew, Duration between) {
        crew.start(
                KIND,
                () -> {
                    where.every(
                            between,
                            () -> {
                                push();
                                spoil();
                            });
                    client.close();
                });
    }

    /// The same network and a remark that is new each time, so that it is another version.
    private void push() {
        try {
            var file = RolloutCalls.remarked(model, "number " + random.nextLong());
            var reply = client.post(path(GOOD), "application/octet-stream", file);
            if (reply.status() == 201) counted(true);
            else if (reply.status() < 500) tally.wrong(KIND, "a good model: " + reply.text());
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    private synchronized void counted(boolean wasGood) {
        if (wasGood) good++;
        else bad++;
    }

    private void spoil() {
        try {
            var one = bad(random.nextInt(6));
            var reply = client.post(path("spoilt"), one.type(), one.bytes());
            if (reply.status() >= 500) return;
            var said = Json.read(reply.body(), Limits.DEFAULT);
            boolean refused = reply.status() / 100 == 4;
            boolean clear =
                    List.of("code", "title", "detail", "todo").stream()
                            .noneMatch(each -> said.path(each).asString("").isEmpty());
            if (refused && clear) counted(false);
            else tally.wrong(KIND, one.what() + ": " + reply.status() + " " + reply.text());
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    private static String path(String name) {
        return "/api/v1/models/" + name + "/versions";
    }

    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Bad(String what, String type, byte[] bytes) {}

    private Bad bad(int kind) throws IOException {
        var bare = "application/octet-stream";
        var zip = "application/zip";
        return switch (kind) {
            case 0 -> {
                int length = 1 + random.nextInt(model.length - 1);
                yield new Bad("torn at " + length, bare, Arrays.copyOf(model, length));
            }
            case 1 ->
                    new Bad(
                            "three classes of two numbers",
                            zip,
                            LogRequests.bundle(model, List.of("a", "b", "c")));
            case 2 -> {
                var noise = new byte[1 + random.nextInt(50_000)];
                random.nextBytes(noise);
                yield new Bad("noise", bare, noise);
            }
            case 3 -> new Bad("a page", bare, utf8("<!doctype html><title>Sign in</title>"));
            case 4 -> new Bad("out of the folder", zip, zip(Map.of("../../model.onnx", model)));
            default -> new Bad("a bomb", zip, zip(Map.of("model.onnx", new byte[32_000_000])));
        };
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

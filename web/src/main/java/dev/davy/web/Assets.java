package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Scripts and styles: our own and those of the libraries, from the class path, each read once.
///
/// An address holds what tells one content from another, so a browser may keep it for ever.
public final class Assets {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Properties VERSIONS = versions();

    private enum Asset {
        STYLE("davy.css", "/dev/davy/web/davy.css", "text/css; charset=utf-8"),
        SCRIPT_OF_OURS("davy.js", "/dev/davy/web/davy.js", SCRIPT),
        ACT("act.js", "/dev/davy/web/act.js", SCRIPT),
        DIFF("diff.js", "/dev/davy/web/diff.js", SCRIPT),
        REVIEW("review.js", "/dev/davy/web/review.js", SCRIPT),
        REVIEW_ANSWER("review-answer.js", "/dev/davy/web/review-answer.js", SCRIPT),
        REVIEW_OUTBOX("review-outbox.js", "/dev/davy/web/review-outbox.js", SCRIPT),
        REVIEW_PICTURE("review-picture.js", "/dev/davy/web/review-picture.js", SCRIPT),
        REVIEW_ROW("review-row.js", "/dev/davy/web/review-row.js", SCRIPT),
        REVIEW_SOUND("review-sound.js", "/dev/davy/web/review-sound.js", SCRIPT),
        CHARTS("charts.js", "/dev/davy/web/charts.js", SCRIPT),
        ICON("lamp.svg", "/dev/davy/web/lamp.svg", "image/svg+xml"),
        ECHARTS("echarts.js", webjar("echarts") + "/echarts.min.js", SCRIPT),
        HTMX("htmx.js", webjar("htmx", "htmx.org") + "/dist/htmx.min.js", SCRIPT);

        final String name;
        final String resource;
        final String type;

        Asset(String name, String resource, String type) {
            this.name = name;
            this.resource = resource;
            this.type = type;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // shared, never changed
    private record Loaded(String type, byte[] plain, byte[] compressed, String digest) {}

    private static final Map<Asset, Loaded> LOADED = new ConcurrentHashMap<>();

    private Assets() {}

    private static String webjar(String name) {
        return webjar(name, name);
    }

    private static String webjar(String name, String folder) {
        return "/META-INF/resources/webjars/" + folder + "/" + VERSIONS.getProperty(name);
    }

    private static Properties versions() {
        var versions = new Properties();
        try (var in = open("/dev/davy/web/assets.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }

    private static InputStream open(String resource) {
        @Nullable InputStream in = Assets.class.getResourceAsStream(resource);
        if (in == null) throw new IllegalStateException("there is no " + resource);
        return in;
    }

    /// The address of an asset: `davy.css`.
    public static String at(String name) {
        for (var asset : Asset.values())
            if (asset.name.equals(name))
                return "/assets/" + load(asset).digest.substring(0, 12) + "/" + name;
        throw new IllegalArgumentException("there is no asset " + name);
    }

    static Response answer(Request request) {
        var name = request.parameter("name");
        for (var asset : Asset.values()) {
            if (!asset.name.equals(name)) continue;
            var loaded = load(asset);
            boolean zipped = request.headers().first("accept-encoding").orElse("").contains("gzip");
            var response =
                    Response.bytes(200, loaded.type, zipped ? loaded.compressed : loaded.plain)
                            .with("cache-control", FOR_EVER)
                            .with("vary", "accept-encoding");
            return zipped ? response.with("content-encoding", "gzip") : response;
        }
        throw new Problem(
                Problem.Kind.NOT_FOUND,
                "asset-unknown",
                "There is nothing at this address.",
                "No page needs such a file.",
                "Go back to the first page: /");
    }

    private static Loaded load(Asset asset) {
        return LOADED.computeIfAbsent(asset, Assets::read);
    }

    private static Loaded read(Asset asset) {
        try (var in = open(asset.resource)) {
            var plain = in.readAllBytes();
            var zipped = new ByteArrayOutputStream();
            try (var zip = new GZIPOutputStream(zipped)) {
                zip.write(plain);
            }
            return new Loaded(asset.type, plain, zipped.toByteArray(), Hashes.sha256(plain));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

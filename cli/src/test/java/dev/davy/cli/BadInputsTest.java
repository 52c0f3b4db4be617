package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.server.Caller;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every bad file of the catalogue gets the reaction that its manifest states; nothing of the
/// server is told, nothing is left behind, memory stays within the file's cap, and a good request
/// works right after.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputsTest {
    /// The heap is touched at the start, so that what memory grows by is not the heap's, which is
    /// bounded anyway: past it the process ends.
    private static final List<String> FLAGS =
            List.of(
                    "-Xms256m",
                    "-Xmx256m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djdk.serialFilter=!*");

    /// What no answer may hold: names of classes, of libraries, of files of the server.
    private static final Pattern INNARDS =
            Pattern.compile(
                    "dev[./]davy|java[./](lang|util|io|nio)|Exception|\\bat [a-z]+\\.[a-z]+\\.|"
                            + "onnxruntime|OrtSession|sqlite|jackson|netty|vertx|\\.java:|/proc/|/home/");

    private static final Pattern STATUSES = Pattern.compile("^\\d{3}(/\\d{3})*");

    private static final String ENDPOINTS =
            """
            kind: Endpoint
            name: table
            input:
              id: {type: text, required: false}
              age: {type: integer, required: false}
              city: {type: text, required: false}
              label: {type: integer, required: false}
              comment: {type: text, required: false}
              zip: {type: text, required: false}
              card: {type: integer, required: false}
              d: {type: time, required: false}
            pipeline: [{name: rule, rule: {one: "coalesce(input.label, 0) + 1"}}]
            """;

    /// A file of the catalogue.
    record Bad(String file, String kind, String expect, int memoryMegabytes, Path path) {
        byte[] bytes() {
            try {
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return file;
        }

        Set<Integer> statuses() {
            if (expect.startsWith("accepted")) return Set.of(200, 201);
            var found = STATUSES.matcher(expect);
            assertThat(found.find()).as("%s: '%s' names no status", file, expect).isTrue();
            return Arrays.stream(found.group().split("/"))
                    .map(Integer::valueOf)
                    .collect(Collectors.toSet());
        }
    }

    private final Path home = SharedData.folder("bad-inputs");
    private final List<Bad> all;
    private final Path data;
    private ServerProcess process;
    private Watched watched;
    private Caller caller;
    private final List<Caller.Said> heard = new ArrayList<>();
    private Set<String> filesBefore = new TreeSet<>();
    private long residentBefore;
    private long capMegabytes;

    BadInputsTest(@TempDir Path folder) throws IOException {
        data = folder.toRealPath();
        all = catalogue();
        process = ServerProcess.start(FLAGS, data);
        watched = new Watched(process.process.pid(), data);
        caller = Caller.at(process.address());
    }

    private List<Bad> catalogue() throws IOException {
        var manifest = Json.read(Files.readAllBytes(home.resolve("manifest.json")), Limits.DEFAULT);
        var files = new ArrayList<Bad>();
        for (var each : manifest.get("files")) {
            var file = each.get("file").asString();
            files.add(
                    new Bad(
                            file,
                            each.get("kind").asString(),
                            each.get("expect").asString(),
                            each.get("mem_cap_mb").asInt(),
                            home.resolve(file)));
        }
        return files;
    }

    private Bad bad(String file) {
        return all.stream().filter(each -> each.file().equals(file)).findFirst().orElseThrow();
    }

    private List<Bad> of(String kind) {
        return all.stream().filter(each -> each.kind().equals(kind)).toList();
    }

    @BeforeAll
    void deploysWhatIsAsked() {
        caller.push("add1", bad("model/ok-add1.onnx").bytes());
        caller.endpoint("add1", "add1/1");
        caller.push("int8", TinyOnnx.identity(TinyOnnx.INT8, "N", 4).bytes());
        caller.endpoint("int8", "int8/1");
        caller.push("int64", TinyOnnx.identity(TinyOnnx.INT64, "N", 1).bytes());
        caller.endpoint("int64", "int64/1");
        caller.push("picture", medium("{type: image, to: x, scale: 255}", "N", 3, 2, 2));
        caller.endpoint("picture", "picture/1");
        caller.push("sound", medium("{type: audio, to: x, rate: 8000, samples: 800}", "N", 800));
        caller.endpoint("sound", "sound/1");
        caller.push(
                "person",
                new TinyOnnx()
                        .input("age", TinyOnnx.INT64, "N", 1)
                        .input("city", TinyOnnx.STRING, "N", 1)
                        .output("older", TinyOnnx.INT64, "N", 1)
                        .output("town", TinyOnnx.STRING, "N", 1)
                        .add("Identity", "age", "older")
                        .add("Identity", "city", "town")
                        .bytes());
        caller.apply(ENDPOINTS);
        // Every way once, so that classes and buffers are there before memory is looked at.
        for (int round = 0; round < 3; round++) {
            good();
            caller.predict("picture", "image/png", bad("media/ok.png").bytes()).is(200);
            caller.predict("sound", "audio/wav", bad("media/ok.wav").bytes()).is(200);
            caller.predict("table", "text/csv", bad("data/ok.csv").bytes()).is(200);
            caller.post("/api/v1/models/warm/versions", "application/zip", Caller.utf8("PK"));
        }
        caller.put("/api/v1/models/person/versions/1/reference", "x");
    }

    /// A bundle whose model answers the mean of an image or a recording.
    private static Map<String, byte[]> medium(String column, Object... axes) {
        var model =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, axes)
                        .output("mean", TinyOnnx.FLOAT, "N")
                        .add("Flatten", "x", "flat")
                        .add(
                                "ReduceMean",
                                "flat",
                                "mean",
                                TinyOnnx.integers("axes", 1),
                                TinyOnnx.integer("keepdims", 0));
        var descriptor =
                "kind: Model\ninput: {it: " + column + "}\noutput: {mean: {type: number}}\n";
        return Map.of("model.onnx", model.bytes(), "model.yaml", Caller.utf8(descriptor));
    }

    @AfterAll
    void stop() throws IOException {
        process.close();
    }

    // ---- around each

    @BeforeEach
    void remember() throws IOException {
        heard.clear();
        if (!process.process.isAlive()) {
            // What killed it has failed; the others are to show what is wrong with them.
            process = ServerProcess.start(FLAGS, data);
            watched = new Watched(process.process.pid(), data);
            caller = Caller.at(process.address());
        }
        filesBefore = watched.files();
        residentBefore = watched.resident().orElse(0);
        capMegabytes = Long.MAX_VALUE;
        watched.forgetPeak();
    }

    @AfterEach
    void theServerIsAsBefore() {
        for (var said : heard) {
            assertThat(INNARDS.matcher(said.text()).find()).as(said.text()).isFalse();
            assertThat(said.text()).doesNotContain(data.toString());
        }
        assertThat(process.process.isAlive()).isTrue();
        good();
        if (capMegabytes < Long.MAX_VALUE && watched.peak().isPresent()) {
            long grown = (watched.peak().getAsLong() - residentBefore) / 1024;
            assertThat(grown).as("MB that the process grew by").isLessThanOrEqualTo(capMegabytes);
        }
    }

    private void good() {
        assertThat(caller.get("/v2/health/ready").status()).isEqualTo(200);
        var body = bad("body/ok.json").bytes();
        var answer = caller.post("/v2/models/add1/infer", "application/json", body).is(200).json();
        assertThat(answer.at("/outputs/0/data")).isEqualTo(Caller.parsed("[2.0,3.0,4.0,5.0]"));
    }

    private Caller.Said heard(Caller.Said said) {
        heard.add(said);
        return said;
    }

    /// Says the file's cap; and with it, that nothing but what is named may be left.
    private void within(Bad bad) {
        capMegabytes = bad.memoryMegabytes();
    }

    /// Images and recordings of good calls go from the log into `blobs/` some time later.
    private void noFileIsLeft() throws IOException {
        assertThat(withoutBlobs(watched.files())).isEqualTo(withoutBlobs(filesBefore));
    }

    private static Set<String> withoutBlobs(Set<String> files) {
        return files.stream()
                .filter(file -> !file.startsWith("blobs/") && !file.startsWith("temporary/blob-"))
                .collect(Collectors.toSet());
    }

    // ---- bodies of the Open Inference Protocol

    List<Bad> bodies() {
        return of("oip-body");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBody(Bad bad) {
        within(bad);
        var endpoint =
                switch (bad.file()) {
                    case "body/int8-range.json" -> "int8";
                    case "body/int64-2e53.json", "body/int64-fraction.json" -> "int64";
                    default -> "add1";
                };
        int before = caller.log("").size();
        var said = heard(infer(endpoint, bad));
        switch (bad.file()) {
            case "body/ok.json" -> assertThat(said.status()).isEqualTo(200);
            case "body/int64-2e53.json" -> {
                if (said.status() == 400) return;
                assertThat(said.is(200).json().at("/outputs/0/data/0").asLong())
                        .isEqualTo(9_007_199_254_740_993L);
            }
            case "body/crlf-id.json" -> {
                assertThat(said.status()).isIn(200, 400);
                assertThat(said.headers().firstValue("injected")).isEmpty();
                assertThat(caller.log("").size())
                        .isEqualTo(before + (said.status() == 200 ? 1 : 0));
            }
            default -> {
                assertThat(bad.expect()).startsWith("400");
                assertThat(said.status()).as(said.text()).isEqualTo(400);
                assertThat(said.header("content-type")).startsWith("application/json");
                assertThat(said.json().get("error").asString())
                        .as("says where")
                        .containsPattern(
                                "(?i)'x'|shape|data|input|output|\\bid\\b|body|JSON|gzip|datatype");
                assertThat(caller.log("")).as("nothing was predicted").hasSize(before);
            }
        }
    }

    private Caller.Said infer(String endpoint, Bad bad) {
        var path = "/v2/models/" + endpoint + "/infer";
        return bad.file().endsWith(".gz")
                ? caller.send(
                        "POST",
                        path,
                        bad.bytes(),
                        "Content-Type",
                        "application/json",
                        "Content-Encoding",
                        "gzip")
                : caller.post(path, "application/json", bad.bytes());
    }

    // ---- models

    /// Those whose reaction is more than a status, by the tests below.
    private static final Set<String> DEPLOYED =
            Set.of(
                    "model/alloc-bomb-by-input.onnx",
                    "model/loop-forever.onnx",
                    "model/nan-always.onnx",
                    "model/nan-sometimes.onnx",
                    "model/wrong-rows.onnx",
                    "model/label-breaking-names.onnx",
                    "model/string-io.onnx");

    List<Bad> models() {
        return of("model").stream().filter(bad -> !DEPLOYED.contains(bad.file())).toList();
    }

    private Caller.Said push(String name, Bad bad, String type) {
        return heard(caller.post("/api/v1/models/" + name + "/versions", type, bad.bytes()));
    }

    /// A name that the registry takes, for a file.
    private static String name(Bad bad) {
        return bad.file().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModel(Bad bad) throws IOException {
        within(bad);
        var said = push(name(bad), bad, "application/octet-stream");
        assertThat(said.status()).as(said.text()).isIn(bad.statuses());
        if (said.status() < 300) return;
        caller.get("/api/v1/models/" + name(bad)).is(404);
        noFileIsLeft();
        var text = said.text().toLowerCase(Locale.ROOT);
        if (bad.file().contains("html")) assertThat(text).contains("onnx");
        if (bad.file().contains("lfs")) assertThat(text).contains("lfs");
        if (bad.file().contains("external-") && !bad.file().contains("length"))
            assertThat(text).contains("'w'").contains("outside");
        if (bad.file().contains("custom-domain")) assertThat(text).contains("domain");
        assertThat(said.json().get("code").asString()).matches("[a-z0-9-]+");
        assertThat(said.json().get("todo").asString()).isNotEmpty();
        assertThat(Path.of("PICKLE_EXECUTED_MARKER")).doesNotExist();
        if (Files.exists(Path.of("/etc/hostname")))
            assertThat(said.text())
                    .doesNotContain(Files.readString(Path.of("/etc/hostname")).strip());
    }

    private static String tensor(String name, String type, String shape, String values) {
        return "{\"inputs\":[{\"name\":%s,\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}]}"
                .formatted(Json.text(Json.tree(name)), type, shape, values);
    }

    private Caller.Said infer(String endpoint, String body) {
        return heard(caller.post("/v2/models/" + endpoint + "/infer", body));
    }

    @Test
    void aModelWhoseMemoryGrowsWithAnInput() {
        var bad = bad("model/alloc-bomb-by-input.onnx");
        within(bad);
        assertThat(push("bomb", bad, "application/octet-stream").status()).isIn(201, 422);
        if (heard.getLast().status() == 422) return;
        caller.endpoint("bomb", "bomb/1");
        infer("bomb", tensor("x", "FP32", "[1,4]", "[1,2,3,4]")).is(200);
        for (int i = 0; i < 8; i++) {
            var said = infer("bomb", tensor("x", "FP32", "[1,4]", "[1e11,0,0,0]"));
            assertThat(said.status()).as(said.text()).isIn(422, 500, 503, 504);
            good();
        }
        caller.delete("/api/v1/endpoints/bomb").is(200, 204);
    }

    @Test
    void aModelThatNeverEnds() {
        var bad = bad("model/loop-forever.onnx");
        within(bad);
        var said = push("forever", bad, "application/octet-stream");
        assertThat(said.status()).as(said.text()).isIn(201, 422);
        if (said.status() == 422) {
            caller.get("/api/v1/models/forever").is(404);
            return;
        }
        caller.apply("{kind: Endpoint, name: forever, model: forever/1, deadline: 500 ms}");
        for (int i = 0; i < 3; i++) {
            infer("forever", tensor("x", "FP32", "[1,4]", "[1,2,3,4]")).is(504, 503);
            good();
        }
        caller.delete("/api/v1/endpoints/forever").is(200, 204);
    }

    @Test
    void modelsThatAnswerNaN() {
        for (var which : List.of("nan-always", "nan-sometimes")) {
            var bad = bad("model/" + which + ".onnx");
            within(bad);
            push(which, bad, "application/octet-stream").is(201);
            caller.endpoint(which, which + "/1");
            long before = notFinite(which);
            var good = which.equals("nan-always") ? "[1,2,3,4]" : "[-1,2,3,4]";
            var answer = infer(which, tensor("x", "FP32", "[1,4]", good)).is(200);
            assertThat(answer.text()).doesNotContain("NaN");
            assertThat(answer.json().at("/outputs/0/data/0").isNull()).isTrue();
            assertThat(notFinite(which)).isEqualTo(before + 1);
            var logged = caller.log("endpoint=" + which).getLast();
            assertThat(logged.at("/decision/output/y/0").isNull()).isTrue();
            var rows =
                    caller.predict(
                                    which,
                                    "application/json",
                                    Caller.utf8("{\"rows\":[{\"x\":" + good + "}]}"))
                            .is(200);
            assertThat(heard(rows).text()).doesNotContain("NaN");
            assertThat(notFinite(which)).isEqualTo(before + 2);
        }
        infer("nan-sometimes", tensor("x", "FP32", "[1,4]", "[4,4,4,4]")).is(200);
        assertThat(notFinite("nan-sometimes")).as("what is finite is not counted").isEqualTo(2);
    }

    private long notFinite(String endpoint) {
        return caller.get("/v2/models/" + endpoint + "/stats")
                .is(200)
                .json()
                .at("/model_stats/0/davy/answers_not_finite")
                .asLong();
    }

    @Test
    void aModelThatAnswersOtherRows() {
        var bad = bad("model/wrong-rows.onnx");
        within(bad);
        var said = push("rows", bad, "application/octet-stream");
        assertThat(said.status()).as(said.text()).isIn(201, 422);
        if (said.status() == 422) {
            caller.get("/api/v1/models/rows").is(404);
            return;
        }
        caller.endpoint("rows", "rows/1");
        infer("rows", tensor("x", "FP32", "[1,4]", "[1,2,3,4]")).is(500);
        infer("rows", tensor("x", "FP32", "[2,4]", "[1,2,3,4,5,6,7,8]")).is(500);
    }

    @Test
    void namesThatBreakLabels() {
        var bad = bad("model/label-breaking-names.onnx");
        within(bad);
        var said = push("labels", bad, "application/octet-stream");
        assertThat(said.status()).as(said.text()).isIn(201, 422);
        if (said.status() == 422) return;
        caller.endpoint("labels", "labels/1");
        var about = caller.get("/v2/models/labels").is(200).json();
        var name = about.at("/inputs/0/name").asString();
        assertThat(name).contains("\"").contains("\\").contains("\n");
        infer("labels", tensor(name, "FP32", "[1,4]", "[1,2,3,4]")).is(200);
        assertThat(caller.log("endpoint=labels")).hasSize(1);
        caller.get("/api/v1/endpoints/labels").is(200).json();
        caller.get("/v2/models/stats").is(200).json();
    }

    @Test
    void textInTextOut() {
        var bad = bad("model/string-io.onnx");
        within(bad);
        push("echo", bad, "application/octet-stream").is(201);
        caller.endpoint("echo", "echo/1");
        var text = "<script>\"é\\\n\u202e🙂";
        var about = caller.get("/v2/models/echo").is(200).json().at("/inputs/0");
        var shape = about.get("shape").size() == 1 ? "[1]" : "[1,1]";
        var body =
                tensor(
                        about.get("name").asString(),
                        "BYTES",
                        shape,
                        Json.text(Json.array().add(text)));
        var answer = infer("echo", body);
        if (answer.status() == 400) return; // control characters may be refused
        assertThat(answer.is(200).json().at("/outputs/0/data/0").asString()).isEqualTo(text);
        assertThat(caller.log("endpoint=echo").getLast().at("/decision/output").toString())
                .contains("<script>");
    }

    // ---- archives

    List<Bad> archives() {
        return of("archive");
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anArchive(Bad bad) throws IOException {
        within(bad);
        var type = bad.file().endsWith(".zip") ? "application/zip" : "application/gzip";
        var said = push(name(bad), bad, type);
        if (bad.file().equals("archive/zip-bomb-nested.zip"))
            assertThat(said.status()).as(said.text()).isIn(200, 201, 422);
        else assertThat(said.status()).as(said.text()).isIn(bad.statuses());
        if (said.status() >= 300) {
            caller.get("/api/v1/models/" + name(bad)).is(404);
            noFileIsLeft();
        }
        assertThat(Path.of("/tmp/TAR_SLIP_MARKER")).doesNotExist();
        assertThat(watched.files()).noneMatch(file -> file.contains("MARKER"));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anArchiveThatSaysItIsAModel(Bad bad) throws IOException {
        within(bad);
        var said = push("other-" + name(bad), bad, "application/octet-stream");
        // By its content it is an archive still, or it is no model: never a mistake of ours.
        assertThat(said.status()).as(said.text()).isIn(200, 201, 422);
        if (said.status() == 422) noFileIsLeft();
    }

    // ---- images and recordings

    List<Bad> images() {
        return of("image");
    }

    @ParameterizedTest
    @MethodSource("images")
    void anImage(Bad bad) throws IOException {
        within(bad);
        var kind = bad.file().substring(bad.file().lastIndexOf('.') + 1);
        var type =
                switch (kind) {
                    case "jpg" -> "image/jpeg";
                    case "svg" -> "image/svg+xml";
                    default -> "image/" + kind;
                };
        var wanted = bad.file().equals("media/png-named.jpg") ? Set.of(200, 422) : bad.statuses();
        var said = heard(caller.predict("picture", type, bad.bytes()));
        assertThat(said.status()).as(said.text()).isIn(wanted);
        // The same file as a cell of a row, and under the name of another type.
        var rows = Json.object();
        var base64 = Base64.getEncoder().encodeToString(bad.bytes());
        rows.putArray("rows").addObject().put("it", base64);
        var row = heard(caller.predict("picture", "application/json", Json.write(rows)));
        var renamed = heard(caller.predict("picture", "image/png", bad.bytes()));
        for (var each : List.of(row, renamed))
            assertThat(each.status())
                    .as(each.text())
                    .isIn(wanted.contains(200) ? Set.of(200, 422) : Set.of(400, 415, 422));
        noFileIsLeft();
    }

    List<Bad> recordings() {
        return of("audio");
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void aRecording(Bad bad) throws IOException {
        within(bad);
        var said = heard(caller.predict("sound", "audio/wav", bad.bytes()));
        double seconds =
                said.status() == 200
                        ? caller.log("endpoint=sound").getLast().at("/input/it/seconds").asDouble()
                        : -1;
        switch (bad.file()) {
            case "media/ok.wav" -> assertThat(seconds).isEqualTo(0.1);
            case "media/truncated.wav" -> {
                if (said.status() != 422) assertThat(seconds).isEqualTo(300.0 / 8000);
            }
            case "media/data-size-ffffffff.wav" -> {
                if (said.status() != 422) assertThat(seconds).isEqualTo(0.1);
            }
            default -> {
                assertThat(said.status()).as(said.text()).isIn(bad.statuses());
                if (bad.file().contains("adpcm"))
                    assertThat(said.text().toLowerCase(Locale.ROOT)).contains("adpcm");
            }
        }
        noFileIsLeft();
    }

    // ---- tables

    List<Bad> tables() {
        return of("csv");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aTable(Bad bad) {
        within(bad);
        int before = caller.log("endpoint=table").size();
        var said = heard(caller.predict("table", "text/csv", bad.bytes()));
        var log = caller.log("endpoint=table");
        var rows = log.subList(before, log.size());
        int count = said.status() == 200 ? said.json().get("predictions").size() : 0;
        assertThat(rows).as("each row once in the log, or none").hasSize(count);
        switch (bad.file().substring("data/".length())) {
            case "ok.csv" -> assertThat(count).as(said.text()).isEqualTo(100);
            case "cr-only.csv" -> assertThat(count).isEqualTo(said.status() == 422 ? 0 : 100);
            case "mixed-eol.csv" -> {
                assertThat(count).isEqualTo(said.status() == 422 ? 0 : 3);
                assertThat(column(rows, "city")).doesNotContain("A\r");
            }
            case "no-final-newline.csv" -> assertThat(count).as(said.text()).isEqualTo(1);
            case "ragged.csv" -> {
                assertThat(said.status()).isEqualTo(422);
                assertThat(said.text()).contains("102");
            }
            case "latin1.csv" -> {
                assertThat(said.status()).as(said.text()).isEqualTo(422);
                assertThat(said.text()).contains("2").contains("byte");
            }
            case "quote-newline.csv" ->
                    assertThat(column(rows, "city")).containsExactly("New\r\nYork, \"NY\"");
            case "leading-zeros.csv" -> {
                assertThat(column(rows, "zip")).containsExactly("00501", "02134");
                assertThat(rows.get(1).at("/input/card").asLong())
                        .isEqualTo(9_007_199_254_740_993L);
            }
            case "dates-ambiguous.csv" -> {
                assertThat(said.status()).as(said.text()).isIn(400, 422);
                assertThat(said.text()).contains("01/02/2024").contains("2024-02-30");
            }
            case "formula-injection.csv" ->
                    assertThat(column(rows, "comment"))
                            .hasSize(6)
                            .contains("=HYPERLINK(\"http://127.0.0.1:9/\")", "\t=1+1");
            case "xss.csv" ->
                    assertThat(column(rows, "comment"))
                            .contains("<script>document.title='XSS'</script>");
            case "bidi-zero-width.csv" ->
                    assertThat(column(rows, "city")).hasSize(4).doesNotHaveDuplicates();
            case "overlong-utf8.csv", "wide-20k-cols.csv", "one-line-64m.csv.gz" ->
                    assertThat(said.status()).as(said.text()).isEqualTo(422);
            case "gzip-bomb.csv.gz" -> assertThat(said.status()).as(said.text()).isIn(413, 422);
            default -> throw new AssertionError(bad.file() + ": '" + bad.expect() + "' is new");
        }
    }

    private static List<String> column(List<JsonNode> rows, String name) {
        return rows.stream().map(row -> row.at("/input/" + name).asString()).toList();
    }

    @Test
    void aBombThatTheHeaderTellsOf() {
        var bad = bad("data/gzip-bomb.csv.gz");
        within(bad);
        heard(
                        caller.send(
                                "POST",
                                "/api/v1/endpoints/table/predict",
                                bad.bytes(),
                                "Content-Type",
                                "text/csv",
                                "Content-Encoding",
                                "gzip"))
                .is(413, 422);
    }

    List<Bad> references() {
        var without = Set.of("data/leading-zeros.csv", "data/dates-ambiguous.csv", "data/xss.csv");
        return of("csv").stream().filter(bad -> !without.contains(bad.file())).toList();
    }

    @ParameterizedTest
    @MethodSource("references")
    void aReference(Bad bad) throws IOException {
        within(bad);
        var path = "/api/v1/models/person/versions/1";
        var before = caller.get(path).is(200).json().path("reference");
        var said =
                heard(
                        caller.send(
                                "PUT",
                                path + "/reference",
                                bad.bytes(),
                                "Content-Type",
                                "text/csv"));
        var after = caller.get(path).is(200).json().path("reference");
        if (said.status() != 200) assertThat(after).as("not half taken").isEqualTo(before);
        var rows = said.json().path("rows").asInt();
        switch (bad.file().substring("data/".length())) {
            case "ok.csv" -> assertThat(rows).as(said.text()).isEqualTo(100);
            case "cr-only.csv" -> assertThat(rows).isEqualTo(said.status() == 422 ? 0 : 100);
            case "mixed-eol.csv" -> assertThat(rows).isEqualTo(said.status() == 422 ? 0 : 3);
            case "no-final-newline.csv", "quote-newline.csv" ->
                    assertThat(rows).as(said.text()).isEqualTo(1);
            case "ragged.csv" -> {
                if (said.status() == 422) return;
                assertThat(said.json().get("rejected").asInt()).isEqualTo(2);
                assertThat(rows).isEqualTo(101);
                assertThat(said.json().at("/rejects/0/line").asInt()).isEqualTo(102);
                assertThat(said.json().at("/rejects/1/line").asInt()).isEqualTo(103);
            }
            case "gzip-bomb.csv.gz" -> assertThat(said.status()).as(said.text()).isIn(413, 422);
            case "latin1.csv",
                    "overlong-utf8.csv",
                    "wide-20k-cols.csv",
                    "one-line-64m.csv.gz",
                    "formula-injection.csv",
                    "bidi-zero-width.csv" ->
                    assertThat(said.status()).as(said.text()).isIn(200, 422);
            default -> throw new AssertionError(bad.file() + ": '" + bad.expect() + "' is new");
        }
        noFileIsLeft();
    }

    // ---- YAML

    List<Bad> texts() {
        return of("config");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aDeclaration(Bad bad) {
        within(bad);
        var said =
                heard(caller.post("/api/v1/apply?file=the.yaml", "application/yaml", bad.bytes()));
        assertThat(said.status()).as(said.text()).isIn(400, 422);
        if (!bad.file().contains("utf16") && !bad.file().contains("nul"))
            assertThat(said.text()).containsPattern("the\\.yaml:\\d+");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void settings(Bad bad, @TempDir Path folder) throws IOException {
        var file = home.resolve(bad.file());
        var none = folder.resolve("data");
        var told =
                Commands.run(
                        "serve",
                        "--port",
                        "0",
                        "--config",
                        file.toString(),
                        "--data",
                        none.toString());
        assertThat(told.exit()).as(told.err()).isEqualTo(Exit.USAGE);
        assertThat(told.err()).contains(file.getFileName().toString()).doesNotContain("Exception");
        assertThat(none).doesNotExist();
        switch (bad.file()) {
            case "config/unknown-key.yaml" -> assertThat(told.err()).contains("'port'");
            case "config/tabs.yaml" -> assertThat(told.err()).contains("tabs.yaml:2");
            case "config/billion-laughs.yaml" ->
                    assertThat(told.err()).containsPattern("billion-laughs\\.yaml:\\d");
            default -> assertThat(told.err()).isNotBlank();
        }
    }

    // ---- what the catalogue has no file for

    @Test
    void millionsOfSmallThings() {
        capMegabytes = 256;
        var objects = ("[" + "{},".repeat(15_000_000) + "{}]").getBytes(StandardCharsets.US_ASCII);
        heard(caller.post("/api/v1/feedback", "application/json", objects)).is(400, 413, 422);
        var rows =
                ("{\"rows\":" + "[{}," + "{},".repeat(15_000_000) + "{}]}")
                        .getBytes(StandardCharsets.US_ASCII);
        heard(caller.predict("table", "application/json", rows)).is(400, 413, 422);
        var numbers =
                ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[4000000,4],\"data\":["
                                + "1,".repeat(15_999_999)
                                + "1]}]}")
                        .getBytes(StandardCharsets.US_ASCII);
        heard(caller.post("/v2/models/add1/infer", "application/json", numbers))
                .is(200, 400, 413, 422, 503);
    }

    @Test
    void everyKindThatIsTakenInIsTriedHere() {
        var tried = Set.of("oip-body", "model", "archive", "image", "audio", "csv", "config");
        // Parquet is not read yet.
        var others = new HashMap<String, Integer>();
        for (var bad : all)
            if (!tried.contains(bad.kind())) others.merge(bad.kind(), 1, Integer::sum);
        assertThat(others.keySet()).isSubsetOf(Set.of("parquet"));
    }
}

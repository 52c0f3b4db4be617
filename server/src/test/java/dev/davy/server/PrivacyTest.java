package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.Png;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What a schema says must be hashed, or never be logged, stands nowhere in the data folder,
/// whichever way it came in and however the prediction ended.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("InlineFormatString") // a declaration reads better in one piece
class PrivacyTest {
    private static final String ENDPOINTS =
            """
            kind: Endpoint
            name: rule
            entity: input.customer
            input:
              customer: {type: text, log: hash}
              note: {type: text, log: never}
              income: {type: number, log: hash}
              born: {type: time, required: false, log: never}
              word: {type: text}
            pipeline:
              - {name: rule, rule: {length: "length(input.note) + length(input.customer)"}}
            ---
            kind: Endpoint
            name: direct
            model: length/1
            input:
              secret: {type: text, log: never}
              hidden: {type: text, log: hash}
              open: {type: text}
            ---
            kind: Endpoint
            name: photo
            model: light/1
            input:
              image: {type: image, log: never}
            ---
            kind: Endpoint
            name: face
            model: light/1
            input:
              image: {type: image, log: hash}
            ---
            kind: Endpoint
            name: elsewhere
            external: true
            entity: input.customer
            input: {customer: {type: text, log: hash}, note: {type: text, log: never}}
            output: {n: {type: number}}
            """;

    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private Server server;
    private Caller caller;
    private int canaries;
    private final List<String> sent = new ArrayList<>();

    PrivacyTest(@TempDir Path folder) {
        this.folder = folder;
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @BeforeAll
    void declares() {
        caller.push("length", texts().bytes());
        caller.push(
                "light",
                Map.of(
                        "model.onnx",
                        brightness().bytes(),
                        "model.yaml",
                        Caller.utf8(
                                """
                                kind: Model
                                input: {image: {type: image, to: image, scale: 255}}
                                output: {light: {type: number}}
                                """)));
        caller.apply(ENDPOINTS);
    }

    @AfterAll
    void stop() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// Takes three texts and answers with one number that says nothing of them.
    private static TinyOnnx texts() {
        return new TinyOnnx()
                .input("secret", TinyOnnx.STRING, "N", 1)
                .input("hidden", TinyOnnx.STRING, "N", 1)
                .input("open", TinyOnnx.STRING, "N", 1)
                .output("same", TinyOnnx.BOOL, "N", 1)
                .add("Equal", "secret hidden", "a")
                .add("Equal", "hidden open", "b")
                .add("Or", "a b", "same")
                .opset(19);
    }

    private static TinyOnnx brightness() {
        return new TinyOnnx()
                .input("image", TinyOnnx.FLOAT, "N", 1, 32, 32)
                .output("light", TinyOnnx.FLOAT, "N")
                .add(
                        "ReduceMean",
                        "image",
                        "light",
                        TinyOnnx.integers("axes", 1, 2, 3),
                        TinyOnnx.integer("keepdims", 0));
    }

    /// A word that nobody else writes.
    private String canary() {
        var canary = "canary-%08x-%d".formatted(0x5eed1e55 ^ ++canaries * 0x9e3779b9, canaries);
        sent.add(canary);
        return canary;
    }

    private void nothingIsKept() throws IOException {
        for (var canary : sent) assertThat(Grep.files(folder, canary)).as(canary).isEmpty();
        // And after a clean end, when everything has been written out.
        server.close();
        try {
            for (var canary : sent) assertThat(Grep.files(folder, canary)).as(canary).isEmpty();
        } finally {
            server = Server.start(Settings.of(folder).port(0));
            caller = Caller.of(server);
        }
    }

    private String row(String word) {
        return """
        {"customer":"%s","note":"%s","income":91827364.5,"born":"1984-03-17T04:05:06Z","word":"%s"}\
        """
                .formatted(canary(), canary(), word);
    }

    @Test
    void ofRows() throws IOException {
        var id = caller.predictRows("rule", "[" + row("kept-as-it-is") + "]").at("/0/id");
        var record = caller.get("/api/v1/predictions/" + id.asString()).is(200).json();
        assertThat(record.at("/input/note/withheld").asBoolean()).isTrue();
        assertThat(record.at("/input/born/withheld").asBoolean()).isTrue();
        assertThat(record.at("/input/income/hash").asString()).hasSize(32);
        assertThat(record.at("/input/customer/hash")).isEqualTo(record.get("entity"));
        caller.predict("rule", "application/json", Caller.utf8("{\"rows\":[" + row("x") + "]}"))
                .is(200);
        var table = "customer,note,income,word\n%s,%s,91827364.5,x\n".formatted(canary(), canary());
        caller.predict("rule", "text/csv", Caller.utf8(table)).is(200);
        sent.add("91827364.5");
        sent.add("1984-03-17");
        assertThat(Grep.files(folder, "kept-as-it-is")).isNotEmpty();
        nothingIsKept();
    }

    @Test
    void ofRefusedRows() throws IOException {
        var wrong = "{\"rows\":[{\"customer\":\"%s\",\"note\":[\"%s\"],\"extra\":\"%s\"}]}";
        caller.predict(
                        "rule",
                        "application/json",
                        Caller.utf8(wrong.formatted(canary(), canary(), canary())))
                .is(400);
        caller.predict("rule", "text/csv", Caller.utf8("note\n" + canary() + "\n")).is(400);
        nothingIsKept();
    }

    @Test
    void ofColumnsOverTheProtocol() throws IOException {
        for (var way : OipWay.values()) {
            var one = List.of(1L, 1L);
            way.infer(
                    caller,
                    new GrpcCaller(vertx, server.port()),
                    "rule",
                    OipTensor.texts("customer", one, canary()),
                    OipTensor.texts("note", one, canary()),
                    new OipTensor("income", "FP64", one, new byte[8]),
                    OipTensor.texts("born", one, "1984-03-17T04:05:06Z"),
                    OipTensor.texts("word", one, "x"));
        }
        nothingIsKept();
    }

    @Test
    void ofTensors() throws IOException {
        for (var way : OipWay.values()) {
            var two = List.of(2L, 1L);
            way.infer(
                    caller,
                    new GrpcCaller(vertx, server.port()),
                    "direct",
                    OipTensor.texts("secret", two, canary(), canary()),
                    OipTensor.texts("hidden", two, canary(), canary()),
                    OipTensor.texts("open", two, "open-one", "open-two"));
        }
        var record = caller.log("endpoint=direct&limit=1").getFirst();
        assertThat(record.at("/input/secret/withheld").asBoolean()).isTrue();
        assertThat(record.at("/input/hidden/hash").asString()).hasSize(32);
        assertThat(Grep.files(folder, "open-two")).isNotEmpty();
        nothingIsKept();
    }

    @Test
    void ofTensorsThatAreRefused() throws IOException {
        var body =
                """
                {"id":"q","inputs":[
                 {"name":"secret","shape":[1,1],"datatype":"BYTES","data":["%s"]},
                 {"name":"hidden","shape":[1,1],"datatype":"BYTES","data":["%s"]},
                 {"name":"open","shape":[2,1],"datatype":"BYTES","data":["a","b"]}]}\
                """
                        .formatted(canary(), canary());
        caller.post("/v2/models/direct/infer", body).is(400);
        nothingIsKept();
    }

    @Test
    void ofImages() throws IOException {
        var pixels = new byte[32 * 32];
        new Random(20_251_120).nextBytes(pixels);
        var png = Png.grey(32, 32, pixels);
        caller.predict("photo", "image/png", png).is(200);
        caller.predict("face", "image/png", png).is(200);
        var rows = Json.object();
        rows.putArray("rows").addObject().put("image", Base64.getEncoder().encodeToString(png));
        caller.predict("photo", "application/json", Json.write(rows)).is(200);
        var photo = caller.log("endpoint=photo").getLast();
        assertThat(photo.at("/input/image/withheld").asBoolean()).isTrue();
        assertThat(caller.log("endpoint=face").getLast().at("/input/image/hash").asString())
                .hasSize(32);
        var bytes = new String(png, 60, 64, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(Grep.bytes(folder, bytes)).isEmpty();
        sent.add(Base64.getEncoder().encodeToString(png).substring(80, 120));
        nothingIsKept();
        assertThat(Grep.bytes(folder, bytes)).isEmpty();
    }

    @Test
    void ofFeedbackAndReports() throws IOException {
        var customer = canary();
        caller.post(
                        "/api/v1/feedback",
                        """
                        {"id":"e-1","endpoint":"rule","entity":"%s","event":"paid"}\
                        """
                                .formatted(customer))
                .is(201);
        caller.post(
                        "/api/v1/predictions",
                        """
                        {"id":"r-1","endpoint":"elsewhere","entity":"%s",
                         "input":{"customer":"%s","note":"%s"},"output":{"n":1}}\
                        """
                                .formatted(customer, customer, canary()))
                .is(201);
        caller.post(
                        "/api/v1/feedback",
                        """
                        {"id":"e-2","endpoint":"elsewhere","entity":"%s","truth":"%s"}\
                        """
                                .formatted(customer, canary()))
                .is(422);
        nothingIsKept();
    }
}

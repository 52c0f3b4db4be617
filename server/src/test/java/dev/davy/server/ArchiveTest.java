package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.archive.Duck;
import dev.davy.runtime.Png;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What was served and told, read back from Parquet by DuckDB and by the server's own query.
class ArchiveTest {
    static final String LOANS =
            """
            kind: Endpoint
            name: loan-approval
            entity: input.customer
            input:
              customer: {type: text, required: false}
              amount: {type: number}
              age: {type: integer, required: false}
              home: {type: boolean, required: false}
              since: {type: time, required: false}
              secret: {type: text, required: false, log: never}
              iban: {type: text, required: false, log: hash}
            output: {risk: {type: category, classes: [bad, good]}, rate: {type: number}}
            pipeline:
              - {name: judge, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end", rate: "input.amount / 100"}}
            feedback: {within: 10m}
            """;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        caller.apply(LOANS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart() {
        server.close();
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    private String predicted(String row) {
        return caller.predictRows("loan-approval", "[" + row + "]").at("/0/id").asString();
    }

    private void tell(String feedback) {
        caller.post("/api/v1/feedback", feedback).is(200, 201);
    }

    private void caughtUp() {
        assertThat(server.davy().readers().awaitCaughtUp(LONG)).isTrue();
    }

    private JsonNode rows(String sql) {
        return caller.post("/api/v1/query", Json.text(Json.object().put("sql", sql)))
                .is(200)
                .json()
                .path("rows");
    }

    private List<Path> files(String kind) throws IOException {
        var root = folder.resolve("data").resolve("archive").resolve(kind);
        if (!Files.exists(root)) return List.of();
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void writesTypedColumnsThatDuckDbReadsWithoutUs() throws Exception {
        var id =
                predicted(
                        """
                        {"customer":"ann","amount":1500.5,"age":31,"home":true,
                         "since":"2020-01-02T03:04:05Z","secret":"x","iban":"DE1"}\
                        """);
        predicted("{\"amount\":10}");
        caughtUp();
        var files = files("predictions");
        assertThat(files).hasSize(1);
        assertThat(folder.relativize(files.getFirst()).toString())
                .matches(
                        "data/archive/predictions/endpoint=loan-approval/schema=1/date=\\d{4}-\\d\\d-\\d\\d/0-1-\\d+\\.parquet");
        try (var duck = Duck.open(new Duck.Bounds(100_000_000, 1, null))) {
            var read = "read_parquet(" + Duck.files(files) + ")";
            assertThat(
                            duck.rows(
                                    "DESCRIBE SELECT input_customer, input_amount, input_age, input_home,"
                                            + " input_since, input_iban, output_risk, output_rate FROM "
                                            + read,
                                    row -> row.getString(2)))
                    .containsExactly(
                            "VARCHAR",
                            "DOUBLE",
                            "BIGINT",
                            "BOOLEAN",
                            "TIMESTAMP WITH TIME ZONE",
                            "VARCHAR",
                            "VARCHAR",
                            "DOUBLE");
            assertThat(
                            duck.rows(
                                    "SELECT id, entity, input_amount, input_age, input_home, input_since::VARCHAR,"
                                            + " output_risk, output_rate, decided_by, arm, components[1].component FROM "
                                            + read
                                            + " ORDER BY id",
                                    row -> {
                                        var all = new ArrayList<Object>();
                                        for (int i = 1; i <= 11; i++)
                                            all.add(row.getObject(i) + "");
                                        return String.join(" ", all.toArray(String[]::new));
                                    }))
                    .first()
                    .isEqualTo(
                            id
                                    + " ann 1500.5 31 true 2020-01-02 03:04:05+00 bad 15.005 live live judge");
            assertThat(duck.number("SELECT count(*) FROM " + read + " WHERE input_iban = 'DE1'"))
                    .isZero();
            assertThat(
                            duck.number(
                                    "SELECT count(*) FROM (DESCRIBE SELECT * FROM "
                                            + read
                                            + ") WHERE column_name LIKE '%secret%'"))
                    .isZero();
        }
        assertThat(
                        rows("select input_amount, input_age, output_risk from \"loan-approval\" order by id")
                                .toString())
                .isEqualTo("[[1500.5,31,\"bad\"],[10.0,null,\"good\"]]");
        assertThat(rows("select count(*) from predictions").at("/0/0").asInt()).isEqualTo(2);
    }

    @Test
    void joinsTheTruthInForce() throws Exception {
        var first = predicted("{\"customer\":\"ann\",\"amount\":1500}");
        var second = predicted("{\"customer\":\"bob\",\"amount\":10}");
        var third = predicted("{\"customer\":\"cid\",\"amount\":11}");
        tell(
                "{\"id\":\"a\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\",\"source\":\"bank\"}"
                        .formatted(first));
        tell(
                "{\"id\":\"a\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\",\"source\":\"bank\"}"
                        .formatted(first));
        tell(
                "{\"id\":\"b\",\"prediction\":\"%s\",\"output\":\"rate\",\"truth\":3.5}"
                        .formatted(first));
        caughtUp();
        tell(
                "{\"id\":\"c\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"bad\",\"replaces\":\"a\"}"
                        .formatted(first));
        tell(
                "{\"id\":\"d\",\"endpoint\":\"loan-approval\",\"entity\":\"bob\",\"output\":\"risk\",\"truth\":\"bad\"}");
        tell(
                "{\"id\":\"e\",\"prediction\":\"%s\",\"output\":\"risk\",\"judgement\":\"bad\",\"by\":\"ann\"}"
                        .formatted(third));
        tell(
                "{\"id\":\"f\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"bad\"}"
                        .formatted(UUID.randomUUID()));
        assertThat(
                        rows("select id, truth_risk, truth_rate from loan_approval order by id")
                                .toString())
                .isEqualTo(
                        "[[\"%s\",\"bad\",3.5],[\"%s\",\"bad\",null],[\"%s\",null,null]]"
                                .formatted(first, second, third));
        assertThat(rows("select id, replaced_by from feedback order by id").toString())
                .isEqualTo(
                        "[[\"a\",\"c\"],[\"b\",null],[\"c\",null],[\"d\",null],[\"e\",null],[\"f\",null]]");
    }

    @Test
    void hasEachRecordOnceOverRestarts() {
        var ids = new ArrayList<String>();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 25; i++) ids.add(predicted("{\"amount\":" + i + "}"));
            if (round % 2 == 0) caughtUp();
            restart();
        }
        caughtUp();
        var archived = new ArrayList<String>();
        rows("select id from predictions").forEach(row -> archived.add(row.get(0).asString()));
        assertThat(archived).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void removesAtTheStartWhatWasNeverCommitted() throws Exception {
        predicted("{\"amount\":1}");
        caughtUp();
        var file = files("predictions").getFirst();
        var torn = file.resolveSibling("0-99-128.parquet");
        Files.write(torn, java.util.Arrays.copyOf(Files.readAllBytes(file), 100));
        var replaced = file.resolveSibling("0-1-128.g7.parquet");
        Files.copy(file, replaced);
        restart();
        assertThat(files("predictions")).containsExactly(file);
        assertThat(rows("select count(*) from predictions").at("/0/0").asInt()).isEqualTo(1);
    }

    @Test
    void answersOneSelectAndReachesNothingElse() throws Exception {
        predicted("{\"amount\":1}");
        var outside = folder.resolve("outside.csv");
        Files.writeString(outside, "a\n1\n");
        for (var sql :
                List.of(
                        "select 1; select 2",
                        "copy (select 1) to '" + folder.resolve("out.csv") + "'",
                        "copy (select 1) to '" + folder.resolve("data/archive/out.csv") + "'",
                        "attach '" + folder.resolve("x.db") + "'",
                        "install httpfs",
                        "load httpfs",
                        "pragma database_list",
                        "set threads = 8",
                        "insert into predictions values (1)",
                        "create table t as select 1",
                        "select * from '" + outside + "'",
                        "select * from read_text('/etc/passwd')",
                        "select * from glob('/etc/*')",
                        "select * from read_csv('http://127.0.0.1:1/x.csv')"))
            assertThat(
                            caller.post("/api/v1/query", Json.text(Json.object().put("sql", sql)))
                                    .is(422)
                                    .json()
                                    .path("code")
                                    .asString())
                    .as(sql)
                    .isIn("query-not-allowed", "query-wrong");
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(folder.resolve("data/archive/out.csv")).doesNotExist();
        assertThat(
                        caller.post(
                                        "/api/v1/query",
                                        "{\"sql\":\"select count(*) from range(100000000000) r where r.range % 7 = 3\",\"timeout\":\"1 s\"}")
                                .is(504)
                                .json()
                                .path("code")
                                .asString())
                .isEqualTo("query-too-long");
    }

    @Test
    void erasesAnEntityEverywhereAndGivesAReceipt() throws Exception {
        var gone = predicted("{\"customer\":\"ann-the-one\",\"amount\":1500}");
        var stays = predicted("{\"customer\":\"bob\",\"amount\":10}");
        tell(
                "{\"id\":\"a\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\"}"
                        .formatted(gone));
        tell(
                "{\"id\":\"b\",\"endpoint\":\"loan-approval\",\"entity\":\"ann-the-one\",\"event\":\"paid\"}");
        tell(
                "{\"id\":\"c\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\"}"
                        .formatted(stays));
        caughtUp();
        // And one that is in the log only, when it begins.
        predicted("{\"customer\":\"ann-the-one\",\"amount\":7}");
        assertThat(Grep.files(folder.resolve("data").resolve("log"), "ann-the-one")).isNotEmpty();
        var receipt =
                caller.post(
                                "/api/v1/erasures",
                                "{\"entity\":\"ann-the-one\",\"why\":\"she asked\"}")
                        .is(201)
                        .json();
        assertThat(receipt.at("/log/records").asInt()).isEqualTo(4);
        assertThat(receipt.at("/archive/predictions").asInt()).isEqualTo(2);
        assertThat(receipt.at("/archive/feedback").asInt()).isEqualTo(2);
        assertThat(receipt.at("/digest").asString()).hasSize(64);
        assertThat(Grep.files(folder.resolve("data").resolve("log"), "ann-the-one")).isEmpty();
        assertThat(rows("select id, truth_risk from loan_approval").toString())
                .isEqualTo("[[\"%s\",\"good\"]]".formatted(stays));
        caller.get("/api/v1/predictions/" + gone).is(404);
        assertThat(caller.get("/api/v1/events?kind=entity").is(200).text())
                .contains("she asked")
                .doesNotContain("ann-the-one");
        predicted("{\"customer\":\"bob\",\"amount\":11}");
        restart();
        caughtUp();
        assertThat(rows("select count(*) from predictions").at("/0/0").asInt()).isEqualTo(2);
        assertThat(
                        caller.get("/api/v1/predictions/" + stays)
                                .is(200)
                                .json()
                                .at("/truth/risk")
                                .asString())
                .isEqualTo("good");
        var again = caller.post("/api/v1/erasures", "{\"entity\":\"ann-the-one\"}").is(201).json();
        assertThat(again.at("/log/records").asInt()).isZero();
    }

    @Test
    void findsThePredictionOfLateTruthThoughTheLogHasForgottenIt() throws Exception {
        var id =
                predicted(
                        "{\"customer\":\"ann\",\"amount\":1500.5,\"since\":\"2020-01-02T03:04:05Z\"}");
        var before = caller.get("/api/v1/predictions/" + id).is(200).json();
        caughtUp();
        server.close();
        // As retention does it, a month later.
        try (var segments = Files.newDirectoryStream(folder.resolve("data/log"), "*.log")) {
            for (var segment : segments) Files.delete(segment);
        }
        start();
        var refused =
                caller.post(
                                "/api/v1/feedback",
                                "{\"id\":\"x\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"ugly\"}"
                                        .formatted(id))
                        .is(422)
                        .json();
        assertThat(refused.path("code").asString()).isEqualTo("label-not-allowed");
        tell(
                "{\"id\":\"a\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\"}"
                        .formatted(id));
        var after = caller.get("/api/v1/predictions/" + id).is(200).json();
        assertThat(after.at("/truth/risk").asString()).isEqualTo("good");
        for (var path : List.of("/input", "/decision", "/entity", "/received", "/event-time"))
            assertThat(after.at(path)).as(path).isEqualTo(before.at(path));
        assertThat(after.at("/components/0/output")).isEqualTo(before.at("/components/0/output"));
        assertThat(rows("select id, truth_risk from loan_approval").toString())
                .isEqualTo("[[\"%s\",\"good\"]]".formatted(id));
        assertThat(rows("select endpoint from feedback").at("/0/0").asString())
                .isEqualTo("loan-approval");
    }

    @Test
    void writesAClosedDayAnewWithItsTruth() throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(predicted("{\"amount\":" + i + "}"));
            tell(
                    "{\"id\":\"f%d\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"bad\"}"
                            .formatted(i, ids.getLast()));
            caughtUp();
        }
        assertThat(files("predictions")).hasSize(5);
        var before = rows("select * from loan_approval order by id");
        var tidying = server.davy().archives().tidying();
        var tomorrow = Instant.now().plus(Duration.ofDays(1));
        assertThat(tidying.tidy(Instant.now())).isZero();
        assertThat(tidying.tidy(tomorrow)).isEqualTo(2);
        assertThat(files("predictions")).hasSize(1);
        assertThat(files("feedback")).hasSize(1);
        assertThat(tidying.tidy(tomorrow)).isZero();
        assertThat(rows("select * from loan_approval order by id")).isEqualTo(before);
        tell(
                "{\"id\":\"late\",\"prediction\":\"%s\",\"output\":\"risk\",\"truth\":\"good\",\"replaces\":\"f0\"}"
                        .formatted(ids.getFirst()));
        caughtUp();
        assertThat(tidying.tidy(tomorrow)).isEqualTo(2);
        try (var duck = Duck.open(new Duck.Bounds(100_000_000, 1, null))) {
            var read = "read_parquet(" + Duck.files(files("predictions")) + ")";
            assertThat(
                            duck.rows(
                                    "SELECT truth_risk FROM " + read + " ORDER BY id",
                                    row -> row.getString(1)))
                    .containsExactly("good", "bad", "bad", "bad", "bad");
        }
        restart();
        assertThat(files("predictions")).hasSize(1);
        assertThat(rows("select count(*), count(truth_risk) from loan_approval").toString())
                .isEqualTo("[[5,5]]");
    }

    @Test
    void keepsImagesByTheirDigest() throws Exception {
        caller.push(
                "light",
                java.util.Map.of(
                        "model.onnx",
                        new TinyOnnx()
                                .input("image", TinyOnnx.FLOAT, "N", 1, 32, 32)
                                .output("light", TinyOnnx.FLOAT, "N")
                                .add(
                                        "ReduceMean",
                                        "image",
                                        "light",
                                        TinyOnnx.integers("axes", 1, 2, 3),
                                        TinyOnnx.integer("keepdims", 0))
                                .bytes(),
                        "model.yaml",
                        Caller.utf8(
                                """
                                kind: Model
                                input: {image: {type: image, to: image, scale: 255}}
                                output: {light: {type: number}}
                                """)));
        caller.apply(
                """
                kind: Endpoint
                name: photo
                model: light/1
                input: {image: {type: image}}
                """);
        var png = Png.grey(32, 32, new byte[32 * 32]);
        caller.predict("photo", "image/png", png).is(200);
        caughtUp();
        var row = rows("select input_image, input_image_info from photo");
        var digest = row.at("/0/0").asString();
        assertThat(digest).isEqualTo(dev.davy.strict.Hashes.sha256(png));
        assertThat(row.at("/0/1").asString()).contains("image/png");
        var blob = new dev.davy.storage.Blobs(server.davy().folder().blobs(), folder);
        assertThat(blob.get(digest)).hasValue(png);
    }
}

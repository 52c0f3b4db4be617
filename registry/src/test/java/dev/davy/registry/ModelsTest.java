package dev.davy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.storage.Backends.Backend;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Database;
import dev.davy.strict.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    private static final byte[] ONE = TinyModel.adding(1);
    private static final byte[] TWO = TinyModel.adding(2);

    @TempDir Path home;

    @ContractTest
    void keepsWhatWasPushed(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var first = here.push("scratch", ONE);
            var second = here.push("scratch", TWO);
            assertThat(first.address()).isEqualTo("scratch/1");
            assertThat(second.version()).isEqualTo(2);
            assertThat(first.files()).containsOnlyKeys("model.onnx");
            assertThat(first.who()).isEqualTo("ada");
            assertThat(first.bundle().signature().inputs().getFirst().name()).isEqualTo("x");
            assertThat(Files.readAllBytes(first.bundle().model())).isEqualTo(ONE);
            assertThat(here.models.names()).containsExactly("scratch");
            assertThat(here.models.versions("scratch")).containsExactly(second, first);
            assertThat(here.models.resolve("scratch/1")).isEqualTo(first);
            assertThat(here.events("scratch"))
                    .extracting(event -> event.what() + " " + event.detail().get("version"))
                    .containsExactly("registered 1", "registered 2");
            assertThat(here.temporaryFiles()).isZero();
        }
    }

    @ContractTest
    void keepsItOverARestart(Backend backend) throws IOException {
        ModelVersion pushed;
        try (var before = new Registry(home, backend.open())) {
            pushed = before.push("scratch", ONE);
            before.models.move("scratch", "champion", 1, Expected.ANYTHING, "ada", "best");
        }
        try (var after = new Registry(home, backend.open())) {
            assertThat(after.models.resolve("scratch@champion")).isEqualTo(pushed);
            assertThat(after.push("scratch", TWO).version()).isEqualTo(2);
        }
    }

    @ContractTest
    void knowsTheSameBundleAgainHoweverItIsPacked(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var pushed = here.pushed("scratch", ONE);
            assertThat(pushed.isNew()).isTrue();
            var folder = Files.createDirectory(home.resolve("bundle"));
            Files.write(folder.resolve("model.onnx"), ONE);
            var again =
                    List.of(
                            here.pushed("scratch", ONE),
                            here.pushed("scratch", Registry.zip(Map.of("model.onnx", ONE))),
                            here.pushed("scratch", Registry.zip(Map.of("a/model.onnx", ONE))),
                            here.models.push("scratch", folder, "bob", ""));
            for (var each : again) {
                assertThat(each.isNew()).isFalse();
                assertThat(each.version()).isEqualTo(pushed.version());
            }
            var described =
                    Registry.zip(
                            Map.of(
                                    "model.onnx",
                                    ONE,
                                    "model.yaml",
                                    Registry.utf8("kind: Model\nabout: adds one\n")));
            assertThat(here.push("scratch", described).version()).isEqualTo(2);
            assertThat(here.push("another", ONE).version()).isEqualTo(1);
            assertThat(here.events("scratch")).hasSize(2);
        }
    }

    @ContractTest
    void aRefusedBundleLeavesNothingBehind(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var refused =
                    List.of(
                            Registry.utf8("no model at all"),
                            new byte[0],
                            Registry.zip(Map.of("../model.onnx", ONE)),
                            Registry.zip(Map.of("model.onnx", ONE, "notes of mine.txt", ONE)),
                            Registry.zip(Map.of("readme.md", ONE)));
            for (var each : refused)
                assertThatThrownBy(() -> here.push("scratch", each))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem ->
                                        assertThat(problem.kind())
                                                .isEqualTo(Problem.Kind.UNACCEPTABLE));
            assertThat(here.models.names()).isEmpty();
            assertThat(here.events("scratch")).isEmpty();
            assertThat(here.blobs()).isZero();
            assertThat(here.temporaryFiles()).isZero();
            assertThat(here.push("scratch", ONE).version()).isEqualTo(1);
        }
    }

    @ContractTest
    void uploadsAtOnceGetVersionsInOneOrder(Database database) throws Exception {
        try (var here = new Registry(home, database)) {
            var versions =
                    atOnce(
                            4,
                            i ->
                                    here.push(
                                                    "scratch",
                                                    TinyModel.adding(i < 2 ? 1 : 2)) // each twice
                                            .version());
            assertThat(versions.get(0)).isEqualTo(versions.get(1));
            assertThat(versions.get(2)).isEqualTo(versions.get(3));
            assertThat(List.of(versions.get(0), versions.get(2))).containsExactlyInAnyOrder(1, 2);
            assertThat(here.events("scratch"))
                    .extracting(event -> event.detail().get("version").intValue())
                    .containsExactly(1, 2);
        }
    }

    @ContractTest
    void oneOfTwoWhoCountOnTheSameNumberIsRefused(Database database) throws Exception {
        try (var here = new Registry(home, database)) {
            var outcomes =
                    atOnce(
                            2,
                            i ->
                                    outcome(() ->
                                            here.models.push(
                                                    "scratch",
                                                    here.file(TinyModel.adding(i)),
                                                    java.util.OptionalInt.of(1),
                                                    "ada",
                                                    "")));
            assertThat(outcomes).containsExactlyInAnyOrder("done", "version-taken");
        }
    }

    @ContractTest
    void anAliasMovesOnlyAsExpected(Database database) {
        try (var here = new Registry(home, database)) {
            here.push("scratch", ONE);
            here.push("scratch", TWO);
            var models = here.models;
            var first = models.move("scratch", "champion", 1, new Expected.Nothing(), "ada", "");
            assertThat(first.revision()).isEqualTo(1);
            refused(
                    "alias-has-moved",
                    () -> models.move("scratch", "champion", 2, new Expected.Nothing(), "bob", ""));
            var seen = new Expected.Revision(1);
            assertThat(models.move("scratch", "champion", 2, seen, "bob", "").revision())
                    .isEqualTo(2);
            refused(
                    "alias-has-moved",
                    () -> models.move("scratch", "champion", 1, seen, "eve", ""));
            assertThat(models.resolve("scratch@champion").version()).isEqualTo(2);
            models.dropAlias("scratch", "champion", new Expected.Revision(2), "ada", "");
            refused("alias-unknown", () -> models.resolve("scratch@champion"));
            refused(
                    "alias-unknown",
                    () -> models.dropAlias("scratch", "champion", Expected.ANYTHING, "ada", ""));
            // What was seen before it was dropped is not what is there after it came back.
            var back = models.move("scratch", "champion", 1, Expected.ANYTHING, "ada", "");
            assertThat(back.revision()).isEqualTo(4);
            refused("version-unknown", () -> move(here, "champion", 3));
            refused("name-not-allowed", () -> move(here, "../champion", 1));
        }
    }

    @ContractTest
    void ofAHundredWhoSawTheSameOneMovesTheAlias(Database database) throws Exception {
        try (var here = new Registry(home, database)) {
            here.push("scratch", ONE);
            here.models.move("scratch", "champion", 1, Expected.ANYTHING, "ada", "");
            var seen = new Expected.Revision(1);
            var outcomes =
                    atOnce(
                            100,
                            i ->
                                    outcome(() ->
                                            here.models.move(
                                                    "scratch",
                                                    "champion",
                                                    1,
                                                    seen,
                                                    "mover-" + i,
                                                    "")));
            assertThat(outcomes).filteredOn("done"::equals).hasSize(1);
            assertThat(outcomes).filteredOn("alias-has-moved"::equals).hasSize(99);
        }
    }

    @ContractTest
    void aHundredMovesAtOnceLeaveOneOrder(Database database) throws Exception {
        try (var here = new Registry(home, database)) {
            here.push("scratch", ONE);
            here.push("scratch", TWO);
            atOnce(100, i -> move(here, "champion", 1 + i % 2));
            var moves =
                    here.events("scratch").stream()
                            .filter(event -> event.what().equals("alias-moved"))
                            .map(dev.davy.storage.Event::detail)
                            .toList();
            assertThat(moves)
                    .extracting(detail -> detail.get("revision").intValue())
                    .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
            for (int i = 1; i < 100; i++)
                assertThat(moves.get(i).get("from")).isEqualTo(moves.get(i - 1).get("version"));
            assertThat(here.models.resolve("scratch@champion").version())
                    .isEqualTo(moves.getLast().get("version").intValue());
        }
    }

    @ContractTest
    void promotingRollingBackAndDeletingAtOnceLeavesNothingDangling(Database database)
            throws Exception {
        try (var here = new Registry(home, database)) {
            for (int round = 1; round <= 4; round++) {
                int version = here.push("scratch", TinyModel.adding(100 + round)).version();
                move(here, "champion", 1);
                atOnce(
                        3,
                        i ->
                                outcome(() ->
                                        switch (i) {
                                            case 0 -> move(here, "champion", version);
                                            case 1 -> move(here, "champion", 1);
                                            default -> delete(here, version);
                                        }));
                // Wherever the alias points, that version is there.
                assertThat(here.models.resolve("scratch@champion").version()).isIn(1, version);
            }
        }
    }

    @ContractTest
    void aVersionInUseIsNotDeleted(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            here.push("scratch", ONE);
            var second = here.push("scratch", TWO);
            move(here, "champion", 1);
            here.models.protect((_, model, version) ->
                    version == 2 ? List.of("endpoint '" + model + "'") : List.of());
            assertThatThrownBy(() -> delete(here, 1))
                    .hasMessageContaining("it is used by alias 'champion'");
            assertThatThrownBy(() -> delete(here, 2))
                    .hasMessageContaining("it is used by endpoint 'scratch'");
            assertThat(here.models.versions("scratch")).hasSize(2);
            assertThat(second.bundle().model()).exists();
        }
    }

    @ContractTest
    void aDeletedVersionNeverComesBackUnderItsNumber(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var first = here.push("scratch", ONE);
            delete(here, 1);
            refused("version-deleted", () -> here.models.resolve("scratch/1"));
            refused("version-deleted", () -> delete(here, 1));
            assertThat(here.models.names()).isEmpty();
            assertThat(first.bundle().model()).doesNotExist();
            var again = here.pushed("scratch", ONE);
            assertThat(again.isNew()).isTrue();
            assertThat(again.version().version()).isEqualTo(2);
            assertThat(again.version().bundle().model()).exists();
            assertThat(here.events("scratch"))
                    .extracting(dev.davy.storage.Event::what)
                    .containsExactly("registered", "deleted", "registered");
        }
    }

    @ContractTest
    void laysOutFilesAgainWhenTheyAreLostOrDamaged(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var version = here.push("scratch", ONE);
            var folder = here.models.materialise(version);
            var file = folder.resolve("model.onnx");
            Files.delete(file);
            assertThat(here.models.materialise(version)).isEqualTo(folder);
            assertThat(Files.readAllBytes(file)).isEqualTo(ONE);
            Files.delete(file);
            Files.write(file, TWO);
            var resolved = here.models.resolve("scratch/1");
            assertThat(Files.readAllBytes(resolved.bundle().model())).isEqualTo(ONE);
            var blob = here.folder.blobs();
            try (var blobs = Files.walk(blob)) {
                for (var path : blobs.filter(Files::isRegularFile).toList()) Files.write(path, TWO);
            }
            refused("model-file-damaged", () -> here.models.materialise(version));
        }
    }

    @ContractTest
    void saysWhatIsNotThere(Database database) {
        try (var here = new Registry(home, database)) {
            refused("model-unknown", () -> here.models.resolve("scratch/1"));
            refused("model-unknown", () -> here.models.resolve("scratch@champion"));
            refused("model-unknown", () -> here.models.versions("scratch"));
            here.push("scratch", ONE);
            refused("version-unknown", () -> here.models.resolve("scratch/2"));
            assertThatThrownBy(() -> here.models.resolve("scratch@champoin"))
                    .hasMessageContaining("The model has no alias.");
            move(here, "champion", 1);
            assertThatThrownBy(() -> here.models.resolve("scratch@champoin"))
                    .hasMessageContaining("Did you mean 'champion'?");
            for (var malformed :
                    new String[] {
                        "scratch",
                        "scratch/",
                        "scratch/0",
                        "scratch/1.0",
                        "/1",
                        "@x",
                        "scratch@",
                        "Scratch/1",
                        "../x/1",
                        "scratch/99999999999",
                        "scratch/1/2",
                        "a@b@c",
                        ""
                    }) refused("model-reference-malformed", () -> here.models.resolve(malformed));
            for (var name : new String[] {"", "..", "a/b", "CON ", "x".repeat(129), "ä", "a\0"})
                refused("name-not-allowed", () -> here.push(name, ONE));
        }
    }

    @ContractTest
    void keepsAReferenceProfile(Database database) throws IOException {
        try (var here = new Registry(home, database)) {
            var yaml =
                    """
                    kind: Model
                    input:
                      a: {type: number}
                      b: {type: number, min: 0}
                      c: {type: number}
                      d: {type: number, required: false}
                    vector: {x: [a, b, c, d]}
                    """;
            var bundle = Map.of("model.onnx", ONE, "model.yaml", Registry.utf8(yaml));
            here.push("scratch", Registry.zip(bundle));
            var table = reference(here, "a,b,c,d,e\n1,2,3,4,x\n1,2,3,,y\n1,-2,3,4,z\n1,two,3,4,\n");
            assertThat(table.accepted()).isEqualTo(2);
            assertThat(table.rejected()).isEqualTo(2);
            assertThat(table.rejects())
                    .extracting(dev.davy.strict.Csv.Reject::line)
                    .containsExactly(4L, 5L);
            assertThat(table.ignored()).containsExactly("e");
            var profile = here.models.version("scratch", 1).reference().orElseThrow();
            assertThat(profile).isEqualTo(table.profile());
            assertThat(profile.columns())
                    .containsOnlyKeys("input.a", "input.b", "input.c", "input.d");
            assertThat(profile.rows()).isEqualTo(2);
            assertThat(here.events("scratch").getLast().what()).isEqualTo("reference-set");
            refused("reference-lacks-columns", () -> reference(here, "a,b\n1,2\n"));
            refused("reference-without-rows", () -> reference(here, "a,b,c\n"));
            refused("reference-without-rows", () -> reference(here, "a,b,c\n1,2,x\n"));
        }
    }

    private static ReferenceTable reference(Registry here, String csv) throws IOException {
        var in = new ByteArrayInputStream(Registry.utf8(csv));
        return here.models.reference("scratch", 1, in, "reference.csv", "ada", "");
    }

    private static Alias move(Registry here, String alias, int version) {
        return here.models.move("scratch", alias, version, Expected.ANYTHING, "ada", "");
    }

    private static String delete(Registry here, int version) throws IOException {
        here.models.delete("scratch", version, "ada", "");
        return "deleted";
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    /// `done`, or the code of the problem.
    private static String outcome(Callable<?> call) throws Exception {
        try {
            call.call();
            return "done";
        } catch (Problem problem) {
            return problem.code();
        }
    }

    private interface Numbered<T> {
        T call(int i) throws Exception;
    }

    /// All begin at the same moment.
    private static <T> List<T> atOnce(int count, Numbered<T> call)
            throws InterruptedException, ExecutionException {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(
                        threads.submit(() -> {
                            start.await();
                            return call.call(number);
                        }));
            }
            start.countDown();
            var results = new ArrayList<T>();
            for (var future : futures) results.add(future.get());
            return results;
        }
    }
}

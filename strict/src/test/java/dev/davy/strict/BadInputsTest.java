package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Each bad file must get the reaction that the manifest beside it states.
class BadInputsTest {
    private static final Set<String> KINDS =
            Set.of("oip-body", "image", "audio", "archive", "config", "csv");

    /// What only a model's signature, or the list of outputs, can judge.
    private static final Set<String> NOT_OURS =
            Set.of("body/dtype-wrong.json", "body/dup-output.json", "body/shape-zero.json");

    private static final Map<Problem.Kind, Integer> STATUS =
            Map.of(
                    Problem.Kind.MALFORMED, 400,
                    Problem.Kind.TOO_LARGE, 413,
                    Problem.Kind.UNSUPPORTED_MEDIA, 415,
                    Problem.Kind.UNACCEPTABLE, 422);

    private static final Pattern REFUSED = Pattern.compile("\\b4\\d\\d\\b");

    @TempDir Path temporary;

    @TestFactory
    Stream<DynamicTest> reactsAsTheManifestSays() throws IOException {
        var folder = SharedData.folder("bad-inputs");
        var manifest =
                Json.read(Files.readAllBytes(folder.resolve("manifest.json")), Limits.DEFAULT);
        return manifest.get("files")
                .valueStream()
                .filter(each -> KINDS.contains(each.get("kind").stringValue()))
                .filter(each -> !NOT_OURS.contains(each.get("file").stringValue()))
                .map(each ->
                        DynamicTest.dynamicTest(
                                each.get("file").stringValue(), () -> check(folder, each)));
    }

    private void check(Path folder, JsonNode entry) throws IOException {
        var file = folder.resolve(entry.get("file").stringValue());
        var expect = entry.get("expect").stringValue();
        var refused = read(entry.get("kind").stringValue(), file);
        if (refused == null) {
            boolean mayPass =
                    !expect.startsWith("refused")
                            && (!REFUSED.matcher(expect).find()
                                    || Pattern.compile(
                                                    "accepted|exact|rows? or|quarantined|or typed|length from")
                                            .matcher(expect)
                                            .find());
            assertThat(mayPass).as("accepted, but expected: %s", expect).isTrue();
            return;
        }
        if (REFUSED.matcher(expect).find())
            assertThat(expect).as(refused.getMessage()).contains(STATUS.get(refused.kind()) + "");
        else assertThat(expect).as(refused.getMessage()).containsAnyOf("refused", "rejected");
        assertThat(refused.getMessage())
                .doesNotContain(folder.toString(), "Exception", "java.", "\n\tat ")
                .doesNotContainPattern("\\p{Cntrl}");
        assertThat(refused.code()).matches("[a-z0-9-]+");
        assertThat(refused.getStackTrace()).isEmpty();
        if (expect.contains("naming the codec")) assertThat(refused.why()).contains("ADPCM");
        if (expect.contains("suggests 'port'")) assertThat(refused.why()).contains("'port'");
        if (expect.contains("line 2")) assertThat(refused.why()).contains(":2:");
        if (expect.contains("line and byte offset"))
            assertThat(refused.why()).containsPattern(":2: the byte \\d+");
        if (expect.contains("file:line"))
            assertThat(refused.why()).containsPattern("\\w+\\.yaml:\\d+");
    }

    private @Nullable Problem read(String kind, Path file) throws IOException {
        try {
            var bytes = Files.readAllBytes(file);
            switch (kind) {
                case "oip-body" ->
                        OipBody.read(
                                file.toString().endsWith(".gz")
                                        ? Gzip.inflate(bytes, 1 << 20)
                                        : bytes);
                case "image" -> Images.decode(bytes, Limits.DEFAULT);
                case "audio" -> Audio.decode(bytes, Limits.DEFAULT);
                case "archive" -> {
                    var folder = Files.createTempDirectory(temporary, "unpacked");
                    Archives.unpack(file, folder, Limits.DEFAULT);
                }
                case "config" -> {
                    for (var document :
                            Yaml.read(bytes, file.getFileName().toString(), Limits.DEFAULT)) {
                        var fields = Fields.of(document, "the settings");
                        fields.object("server").optionalInteger("port", 0, 65_535);
                        fields.done();
                    }
                }
                case "csv" -> {
                    try (var table =
                            Csv.open(
                                    new ByteArrayInputStream(bytes),
                                    file.getFileName().toString(),
                                    Limits.DEFAULT)) {
                        while (table.next().isPresent()) {}
                    }
                }
                default -> throw new IllegalArgumentException(kind);
            }
            return null;
        } catch (Problem problem) {
            return problem;
        }
    }
}

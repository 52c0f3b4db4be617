package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.davy.bench.VoicePipeline.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is blamed on real recordings; `bench/run pipeline` asks with more seeds.
class PipelineTest {
    private static final List<Trouble> TROUBLES =
            List.of(
                    Trouble.NOTHING,
                    Trouble.CUT_SHORT,
                    Trouble.NOISE,
                    Trouble.DETECTOR,
                    Trouble.RECOGNISER);

    @Test
    void theOneThatIsToBlameIsBlamed(@TempDir Path folder) throws IOException {
        var root = root();
        var data = Pipeline.data(root);
        assumeTrue(data.isPresent(), "no test data: ../shared/data is not beside this checkout");
        try (var pipeline = new VoicePipeline(root, data.get(), folder)) {
            for (var said : pipeline.run(TROUBLES, 60, 7)) {
                assertThat(said.blamed())
                        .as("%s: %s", said.trouble().what, said.verdict())
                        .isEqualTo(said.trouble().blamed);
                // No speech is found any more, and nobody sees an error.
                if (said.trouble() == Trouble.DETECTOR)
                    assertThat(said.silent()).isGreaterThan(0.95);
                if (said.trouble() == Trouble.NOTHING) assertThat(said.silent()).isLessThan(0.05);
            }
        }
    }

    private static Path root() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.exists(at.resolve("strict/pom.xml"))) return at;
        throw new IllegalStateException("not started inside the project");
    }
}

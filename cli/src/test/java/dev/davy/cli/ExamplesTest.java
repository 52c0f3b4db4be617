package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples' scripts on real sets. What they do on their own data stands in each one's README,
/// and is held by [DocsTest].
class ExamplesTest {
    @TempDir private Path folder = Path.of("");

    private String ran(String example, Path data) throws Exception {
        try (var shell = new Shell(folder)) {
            var told = shell.run("examples/" + example + "/run.sh --data '" + data + "'");
            assertThat(told.exit()).as(told.printed()).isZero();
            return told.printed();
        }
    }

    @Test
    void realLoansOfWhichOnlyLargeOnesComeFromSomeDayOn() throws Exception {
        assertThat(ran("loan-approval", SharedData.folder("german-credit")))
                .contains("0 refused")
                .contains("input.credit_amount rose");
    }

    @Tag("slow")
    @Test
    void realDigitsAndADetectorThatLosesItsContext() throws Exception {
        SharedData.folder("fsdd");
        SharedData.folder("silero-vad");
        var sets = SharedData.folder("matchboxnet-kws").resolveSibling("");
        assertThat(ran("voice-digits", sets)).contains("Component 'vad' changed");
    }

    @Tag("slow")
    @Test
    void realPhotosUnderSixLampsAndUnderOne() throws Exception {
        SharedData.folder("msd-phone-screen");
        var sets = SharedData.folder("magnetic-tile").resolveSibling("");
        assertThat(ran("phone-inspection", sets)).contains("input.image.brightness fell");
    }

    @Test
    void anythingElseIsRefusedWithTheirUsage() throws Exception {
        try (var shell = new Shell(folder)) {
            for (var example : new String[] {"loan-approval", "voice-digits", "phone-inspection"}) {
                var told = shell.run("examples/" + example + "/run.sh --date x");
                assertThat(told.exit()).as(told.printed()).isEqualTo(2);
                assertThat(told.printed()).contains("--data DIR");
            }
        }
    }
}

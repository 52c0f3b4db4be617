package dev.davy.demo.phones;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.Bundle;
import dev.davy.runtime.Onnx;
import dev.davy.runtime.RowSession;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The model of the example, on phones of a factory that no script ever saw.
class ScratchModelTest {
    private static final Path FOLDER =
            Path.of("..", "examples", "phone-inspection", "models", "scratch");
    private static final int PHONES = 1_500;

    @Test
    void isAsGoodAsItsReadmeSaysOnAFactoryItNeverSaw() {
        var bundle = Bundle.read(FOLDER, Limits.DEFAULT);
        var found = new EnumMap<Depth, Integer>(Depth.class);
        var seen = new EnumMap<Depth, Integer>(Depth.class);
        int right = 0;
        double confidence = 0;
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            var factory = new Factory(404);
            for (int number = 0; number < PHONES; number++) {
                var phone = factory.phone(number, Conditions.USUAL);
                var png = Camera.photo(phone, Conditions.USUAL).png();
                var row = Row.of("image", new Media("image/png", png));
                var answer = rows.ask(List.of(row), System.nanoTime() + 60_000_000_000L).getFirst();
                boolean same = phone.truth().equals(answer.values().get("label"));
                if (same) right++;
                confidence += answer.confidence().orElseThrow();
                phone.deepest()
                        .ifPresent(depth -> {
                            seen.merge(depth, 1, Integer::sum);
                            if (same) found.merge(depth, 1, Integer::sum);
                        });
            }
        }
        double accuracy = (double) right / PHONES;
        assertThat(accuracy).isBetween(0.94, 0.985);
        // Its confidence is a frequency: it claims as much as it keeps.
        assertThat(confidence / PHONES).isBetween(accuracy - 0.015, accuracy + 0.015);
        // Deep ones are found, faint ones are not always: an easier example would teach nothing.
        assertThat(share(Depth.GOUGE, found, seen)).isGreaterThan(0.85);
        assertThat(share(Depth.HAIRLINE, found, seen)).isLessThan(0.5);
    }

    private static double share(Depth depth, Map<Depth, Integer> found, Map<Depth, Integer> seen) {
        return (double) found.getOrDefault(depth, 0) / seen.getOrDefault(depth, 0);
    }

    @Test
    void isSmallEnoughToLiveInTheRepository() throws Exception {
        assertThat(Files.size(FOLDER.resolve("model.onnx"))).isLessThan(1_000_000);
    }
}

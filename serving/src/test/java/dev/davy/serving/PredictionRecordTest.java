package dev.davy.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Datatype;
import dev.davy.serving.Prediction.Numbers;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionRecordTest {

    @TempDir Path folder;

    @Test
    void readsWhatWasWritten() throws Exception {
        var ids = new Ids(3, InstantSource.system());
        var id = ids.next();
        var writer = new PredictionWriter(new RecordBatch());
        var values = new LinkedHashMap<String, Object>();
        values.put("label", "scratch");
        values.put("boxes", new float[] {0.1f, 0.25f});
        var answer =
                new Answer(
                        values,
                        Map.of("label", new double[] {0.25, 0.75}),
                        OptionalDouble.of(0.75));
        writer.begin(
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                42,
                1_700_000_000_000_001L,
                1_600_000_000_000_000L,
                Origin.REPLAY,
                7,
                utf8("phones"),
                utf8("request-1"),
                utf8("serial-9"),
                Arm.Role.CANDIDATE,
                Arm.Role.LIVE,
                utf8("scratch/7"),
                0.02f);
        writer.inputs(9, 1);
        writer.value(null);
        writer.value(31.5);
        writer.value(31L);
        writer.value("ä\n");
        writer.value(true);
        writer.value(Instant.parse("2026-11-21T07:41:00.123456Z"));
        writer.number(0.1f);
        var tensor = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        tensor.putFloat(4, 1.5f).putFloat(8, -2f);
        writer.raw(Datatype.FP32, tensor, 4, 12);
        writer.summary("image/png", 12_345, 99, true, 0.5f, Map.of("brightness", 66.6));
        writer.components(3);
        writer.component(utf8("vad"), utf8("silero/1"), 0xcafeL, 1_234, null, null);
        writer.component(utf8("model"), utf8("scratch/7"), -1, 5_678, answer, null);
        writer.component(utf8("late"), utf8("other/1"), 5, 9, null, "deadline-exceeded");
        writer.decidedByComponent(1, "live", "assigned");
        writer.end(Map.of("digest", "abc"));

        try (var log = Log.open(folder, 3, Log.Settings.DEFAULT, InstantSource.system())) {
            log.append(writer.batch());
            var read = PredictionReader.read(log.find(id).orElseThrow());

            assertThat(read.id()).isEqualTo(id);
            assertThat(read.endpoint()).isEqualTo("phones");
            assertThat(read.request()).isEqualTo("request-1");
            assertThat(read.entity()).contains("serial-9");
            assertThat(read.schema()).isEqualTo(42);
            assertThat(read.epoch()).isEqualTo(7);
            assertThat(read.received()).isEqualTo(Instant.parse("2023-11-14T22:13:20.000001Z"));
            assertThat(read.eventTime()).isEqualTo(Instant.parse("2020-09-13T12:26:40Z"));
            assertThat(read.origin()).isEqualTo(Origin.REPLAY);
            assertThat(read.assigned()).isEqualTo(Arm.Role.CANDIDATE);
            assertThat(read.arm()).isEqualTo(Arm.Role.LIVE);
            assertThat(read.version()).isEqualTo("scratch/7");
            assertThat(read.asked()).hasValue(0.02f);
            assertThat(read.inputs())
                    .containsExactly(
                            null,
                            31.5,
                            31L,
                            "ä\n",
                            true,
                            Instant.parse("2026-11-21T07:41:00.123456Z"),
                            0.1,
                            new Numbers("FP32", List.of(1.5f, -2f)),
                            new Prediction.Summary(
                                    "image/png",
                                    12_345,
                                    99,
                                    true,
                                    0.5f,
                                    Map.of("brightness", 66.6)));
            assertThat(read.answers().get(0).skipped()).isTrue();
            assertThat(read.answers().get(1).values().get("label")).isEqualTo("scratch");
            assertThat(read.answers().get(1).scores().get("label")).containsExactly(0.25, 0.75);
            assertThat(read.answers().get(2).failure()).contains("deadline-exceeded");
            assertThat(read.decision().outputs().get("label")).isEqualTo("scratch");
            assertThat(read.decision().confidence()).hasValue(0.75f);
            assertThat(read.extra()).containsEntry("digest", "abc");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

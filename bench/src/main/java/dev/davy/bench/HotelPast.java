package dev.davy.bench;

import static dev.davy.bench.PastRows.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Bookings of two hotels with what a model in production said of each, and whether it was
/// cancelled, which is told a week later.
final class HotelPast {
    private HotelPast() {}

    static PastSet set(PastSets sets) throws IOException {
        var folder = sets.data().resolve("hotel-bookings-monitored");
        var bookings = new ArrayList<Map<String, String>>();
        for (var file :
                List.of(
                        "test_set.csv.gz",
                        "production_data_2016_10_11.csv.gz",
                        "production_data_2016_12.csv",
                        "production_data_2017_01_02.csv"))
            bookings.addAll(PastRows.read(folder.resolve(file)));
        bookings.sort(Comparator.comparing(each -> text(each, "timestamp")));
        var numbers =
                List.of(
                        "y_pred_proba",
                        "lead_time",
                        "adr",
                        "adults",
                        "stays_in_weekend_nights",
                        "booking_changes");
        var texts = List.of("hotel", "country", "market_segment", "meal", "customer_type");
        var columns = new ArrayList<>(List.of("timestamp", "customer_id"));
        columns.addAll(numbers);
        columns.addAll(texts);
        var table = new StringBuilder(String.join(",", columns)).append('\n');
        var truths = new StringBuilder("customer_id,is_canceled\n");
        for (var each : bookings) {
            table.append(String.join(",", columns.stream().map(name -> text(each, name)).toList()))
                    .append('\n');
            if (each.containsKey("is_canceled")) truth(truths, each);
        }
        for (var each : PastRows.read(folder.resolve("production_data_targets.csv")))
            truth(truths, each);
        var declared = new StringBuilder();
        for (var name : numbers) declared.append("  ").append(name).append(": {type: number}\n");
        for (var name : texts) declared.append("  ").append(name).append(": {type: category}\n");
        var known = Files.writeString(sets.work().resolve("cancels-truth.csv"), truths);
        return new PastSet(
                "hotel bookings",
                "cancels",
                Files.writeString(sets.work().resolve("cancels.csv"), table),
                List.of(
                        "--time",
                        "timestamp",
                        "--truth",
                        "is_canceled",
                        "--truth-file",
                        known.toString(),
                        "--truth-key",
                        "customer_id",
                        "--truth-delay",
                        "7d"),
                // What was said then is an input here, and the model says it again.
                Map.of(
                        "model.yaml",
                        (LinearModel.descriptor(List.of("y_pred_proba"))
                                        + "output:\n  cancels: {type: category, classes: [\"0\", \"1\"], scores: scores}\n")
                                .getBytes(StandardCharsets.UTF_8),
                        "model.onnx",
                        LinearOnnx.scores(
                                List.of("y_pred_proba"), new float[] {-1, 1}, new float[] {1, 0})),
                """
                kind: Endpoint
                name: cancels
                origin: replay
                window: 7d
                reference: {from: "2016-05-01T00:00:00Z", to: "2016-10-01T00:00:00Z"}
                truth-within: 8d
                input:
                %soutput: {cancels: {type: category, classes: ["0", "1"]}}
                pipeline:
                  - {name: model, model: cancels/1, input: {y_pred_proba: input.y_pred_proba}}
                """
                        .formatted(declared),
                PastSets.WEEK,
                1,
                Instant.parse("2016-10-01T00:00:00Z"),
                Instant.parse("2016-12-01T00:00:00Z"),
                Instant.parse("2017-03-01T00:00:00Z"),
                "quality falls",
                List.of("quality.cancels.accuracy"),
                3);
    }

    private static void truth(StringBuilder truths, Map<String, String> row) {
        truths.append(text(row, "customer_id"))
                .append(',')
                .append(text(row, "is_canceled"))
                .append('\n');
    }
}

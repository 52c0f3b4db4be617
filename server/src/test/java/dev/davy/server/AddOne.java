package dev.davy.server;

import dev.davy.schema.Row;
import dev.davy.serving.Endpoints;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The smallest model: four numbers, each plus one.
final class AddOne {
    static final Row ROW = Row.of("x", new float[] {1, 2, 3, 4});

    private AddOne() {}

    /// Pushes it as `add` and serves it as endpoint `add`.
    static void serveIn(Davy davy) throws IOException, InterruptedException {
        davy.models().push("add", file(davy.folder().temporary()), "anna", "first try");
        var declaration = Json.object().put("name", "add").put("model", "add/1");
        davy.endpoints().apply(Endpoints.read(declaration), "anna", "", false);
    }

    static Path file(Path folder) throws IOException {
        var file = Files.createTempFile(folder, "add-one", ".onnx");
        try (var bytes = AddOne.class.getResourceAsStream("add-one.onnx")) {
            if (bytes == null) throw new IOException("add-one.onnx is not among the resources");
            Files.write(file, bytes.readAllBytes());
        }
        return file;
    }
}

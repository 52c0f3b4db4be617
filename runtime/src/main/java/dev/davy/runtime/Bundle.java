package dev.davy.runtime;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a person pushes: a model file and, where the file says too little, a descriptor
/// `model.yaml` beside it.
///
/// @param model the model file
/// @param about what the person says of it; may be empty
/// @param signature the model's tensors
/// @param input the columns that callers send
/// @param outputs what an answer holds
/// @param confidence what the confidence of an answer means; empty when answers have none
/// @param isolation where it runs
/// @param batch false when the descriptor says `batch: off`: then rows are run one by one, and an
///   output's leading axis need not be the rows
/// @param feeds how each input tensor is filled from a row, in the order of the signature
/// @param takes how each output is read, in the order of `outputs`
/// @param inspection what was found in the file
public record Bundle(
        Path model,
        String about,
        Signature signature,
        Schema input,
        List<Output> outputs,
        String confidence,
        Isolation isolation,
        boolean batch,
        List<Feed> feeds,
        List<Take> takes,
        Inspection inspection) {
    public Bundle {
        outputs = List.copyOf(outputs);
        feeds = List.copyOf(feeds);
        takes = List.copyOf(takes);
    }

    /// Reads a folder with a model file and perhaps a `model.yaml`, or one model file.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` with everything that is wrong
    public static Bundle read(Path folderOrFile, Limits limits) {
        return BundleFolder.of(folderOrFile, limits).read();
    }

    /// What a model on another server looks like from its signature alone: one column for each
    /// input tensor, one output for each output tensor. There is no file.
    public static Bundle remote(Signature signature) {
        var inspection =
                new Inspection(
                        0, Map.of(), "", signature, Map.of(), Set.of(), Set.of(), Set.of(),
                        Set.of(), List.of(), false, List.of());
        return new BundleReader(Fields.of(Json.object(), "remote model"), Path.of(""), inspection)
                .read();
    }

    /// The descriptor with everything filled in that was found in the file.
    public JsonNode json() {
        return BundleText.json(this);
    }
}

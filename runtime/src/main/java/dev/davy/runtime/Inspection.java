package dev.davy.runtime;

import dev.davy.runtime.onnx.OnnxFile;
import dev.davy.runtime.onnx.Refused;
import dev.davy.runtime.onnx.Sniff;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an ONNX file says of itself, read without loading it.
///
/// @param irVersion version of the file format
/// @param opsets version of each operator set, by domain; the standard one is `ai.onnx`
/// @param producer who wrote the file, as it says
/// @param signature inputs and outputs; sequences of maps appear as `FP32` `[N, classes]`
/// @param classes labels, in class order, by the name of an output that is scored per class or is a
///   label
/// @param maps outputs that are sequences of maps in the file
/// @param numbered outputs whose classes are whole numbers in the file
/// @param open outputs of whose shape the file says nothing
/// @param softmax outputs that the last operator made probabilities, one per class
/// @param external files beside the model that hold its weights
/// @param valueDependent whether the value of an input can decide how much memory or time a run
///   takes
/// @param because where: one sentence for each such operator
public record Inspection(
        long irVersion,
        Map<String, Long> opsets,
        String producer,
        Signature signature,
        Map<String, List<String>> classes,
        Set<String> maps,
        Set<String> numbered,
        Set<String> open,
        Set<String> softmax,
        List<String> external,
        boolean valueDependent,
        List<String> because) {

    public Inspection {
        opsets = Map.copyOf(opsets);
        classes = Map.copyOf(classes);
        maps = Set.copyOf(maps);
        numbered = Set.copyOf(numbered);
        open = Set.copyOf(open);
        softmax = Set.copyOf(softmax);
        external = List.copyOf(external);
        because = List.copyOf(because);
    }

    /// Reads the file; nothing in it is run, and nothing beside it is opened: a model that keeps
    /// weights in other files is refused.
    ///
    /// @throws dev.davy.strict.Problem `UNACCEPTABLE` when it is not an ONNX model or one that is
    ///   not run here
    public static Inspection of(Path onnx, Limits limits) {
        return of(onnx, limits, false);
    }

    /// As above; weights may lie in files right beside the model when these are the bundle's.
    static Inspection of(Path onnx, Limits limits, boolean inFolder) {
        try (var channel = FileChannel.open(onnx, StandardOpenOption.READ);
                var arena = Arena.ofConfined()) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE)
                throw Refused.because(
                        "not-an-onnx-model",
                        "It has " + size + " bytes; an ONNX file has at most 2 GiB.",
                        "Keep the weights in files beside it (external data) and send a bundle.");
            var bytes =
                    size == 0
                            ? ByteBuffer.allocate(0)
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena)
                                    .asByteBuffer();
            var problem = Sniff.notOnnx(bytes);
            if (problem.isPresent()) throw problem.get();
            var folder =
                    inFolder
                            ? Optional.ofNullable(onnx.toAbsolutePath().getParent())
                            : Optional.<Path>empty();
            return Inspector.of(OnnxFile.read(bytes), folder, limits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The standard operator set's version.
    public long opset() {
        return opsets.getOrDefault(OnnxFile.STANDARD, 0L);
    }
}

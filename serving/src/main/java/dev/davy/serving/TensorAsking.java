package dev.davy.serving;

import dev.davy.runtime.Answer;
import dev.davy.runtime.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of a call in tensors and what its model said of it, as conditions name them. Of the inputs
/// those are known that are tensors of their own.
///
/// @param index its row in the tensors; -1: all of them are its own
/// @param answer null: the model was not asked, or failed
record TensorAsking(TensorCall call, List<Tensor> inputs, int index, @Nullable Answer answer)
        implements Automation.Asking {
    @Override
    public String version() {
        return call.model.version();
    }

    @Override
    public boolean answered() {
        return answer != null;
    }

    @Override
    public @Nullable Object at(String path) {
        if (path.startsWith("input.")) return input(path.substring(6));
        var said = answer;
        if (said == null) return null;
        if (path.startsWith("output."))
            return RowAsking.comparable(said.values().get(path.substring(7)));
        return switch (path) {
            case "confidence" ->
                    said.confidence().isPresent() ? (Double) said.confidence().getAsDouble() : null;
            case "margin" -> RowAsking.margin(said.scores());
            default -> null;
        };
    }

    private @Nullable Object input(String name) {
        var columns = call.routing.shape().tensors().columns();
        for (int i = 0; i < columns.size(); i++)
            if (columns.get(i).name().equals(name)) {
                int row = Math.max(0, index);
                var tensor = inputs.get(i);
                if (index < 0 && tensor.elements() != 1) return null;
                return switch (columns.get(i).type()) {
                    case NUMBER -> tensor.float64(row);
                    case INTEGER -> tensor.int64(row);
                    case BOOLEAN -> tensor.int64(row) != 0;
                    case CATEGORY, TEXT -> tensor.text(row);
                    case TIME, IMAGE, AUDIO, VECTOR -> null;
                };
            }
        return null;
    }
}

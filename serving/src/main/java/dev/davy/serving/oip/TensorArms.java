package dev.davy.serving.oip;

import dev.davy.serving.Arm;
import dev.davy.serving.LoadedModel;
import dev.davy.serving.Recorder;
import dev.davy.serving.Routing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Chooses the arm for a request whose tensors go to a model as they are.
final class TensorArms {
    private TensorArms() {}

    /// One arm for the whole request: its rows go through one run.
    ///
    /// Where the tensors themselves say whom each row is about, rows of one request may belong to
    /// different arms; then live answers all of them, and none counts as the candidate's.
    static Arm arm(
            Routing routing,
            InferRequest decoded,
            @Nullable String entity,
            Optional<Arm.Role> pinned) {
        if (pinned.isPresent()) return routing.pinned(pinned.get());
        var only = routing.only();
        if (only != null) return only;
        if (entity != null) return routing.armOf(entity);
        var column = routing.shape().entityColumn();
        var place =
                column.map(name -> routing.shape().signature().input(name))
                        .filter(found -> found.isPresent());
        if (place.isEmpty()) return routing.armOf(decoded.id);
        var keys = decoded.tensor(place.get().getAsInt());
        Arm all = null;
        for (int row = 0; row < keys.elements(); row++) {
            var arm = routing.armOf(Recorder.key(keys, row));
            if (all != null && all.role() != arm.role()) return routing.live().orElseThrow();
            all = arm;
        }
        return all != null ? all : routing.armOf(decoded.id);
    }

    static LoadedModel model(Arm arm) {
        return arm.program()
                .only()
                .orElseThrow(() -> new IllegalStateException("an arm that takes no tensors"));
    }
}

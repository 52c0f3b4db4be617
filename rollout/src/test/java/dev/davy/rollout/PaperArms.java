package dev.davy.rollout;

import dev.davy.schema.Row;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.serving.Standing;
import dev.davy.storage.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Arms of an endpoint with nothing behind them; changes commit as real ones do.
final class PaperArms implements Arms {
    @Nullable Database database;
    Map<String, String> live = Map.of("model", "phones/1");
    Map<String, String> desired = Map.of();
    Optional<JsonNode> section = Optional.empty();
    long epoch = 3;
    int tried;
    int failing;
    final List<String> did = new ArrayList<>();
    private Optional<Beside> candidate = Optional.empty();
    private Map<String, String> kept = Map.of();

    @Override
    public Face face(String endpoint) {
        return new Face(Logged.INPUT, Logged.OUTPUTS, section, Duration.ofMinutes(30));
    }

    @Override
    public Standing standing(String endpoint) {
        return new Standing(epoch, live, candidate, kept, false);
    }

    @Override
    public boolean fallsBack(String endpoint) {
        return live.containsValue("fallback");
    }

    @Override
    public List<String> declared() {
        return section.isPresent() ? List.of("phones") : List.of();
    }

    @Override
    public Map<String, String> desired(String endpoint) {
        return desired;
    }

    @Override
    public String resolved(String reference) {
        return reference;
    }

    private long change(String what, Change change) {
        java.util.Objects.requireNonNull(database)
                .write(handle -> {
                    change.alongside().keep(handle, epoch + 1);
                    return true;
                });
        did.add(what);
        return ++epoch;
    }

    @Override
    public long beside(String endpoint, Beside beside, Change change) {
        long now = change("beside " + beside.buckets(), change);
        candidate = Optional.of(beside);
        return now;
    }

    @Override
    public long promote(String endpoint, Change change) {
        long now = change("promote", change);
        kept = live;
        live = new HashMap<>(candidate.orElseThrow().versions());
        candidate = Optional.empty();
        return now;
    }

    @Override
    public long rollBack(String endpoint, Change change) {
        long now = change("roll back", change);
        if (candidate.isEmpty()) live = kept;
        candidate = Optional.empty();
        return now;
    }

    @Override
    public long settle(String endpoint, boolean keep, Change change) {
        return change("settle " + keep, change);
    }

    @Override
    public List<String> tried(String endpoint, List<Row> rows) {
        tried = rows.size();
        return rows.stream().limit(failing).map(_ -> "It returned NaN.").toList();
    }
}

package dev.davy.runtime;

import dev.davy.schema.Row;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A model asked in rows instead of tensors: prepares, runs (a recording frame by frame where the
/// bundle says so), and reads. For one thread at a time.
public final class RowSession implements AutoCloseable {
    /// Tensors are kept for up to so many rows; those for more are made anew.
    private static final int KEPT_ROWS = 64;

    private final Preparation preparation;
    private final Reading reading;
    private final Session session;
    private final int together;
    private final Map<Integer, List<Tensor>> kept = new HashMap<>();

    private RowSession(Bundle bundle, Model model, Limits limits) {
        preparation = Preparation.of(bundle, limits);
        reading = Reading.of(bundle);
        together = model.batches() ? preparation.rowsMax() : 1;
        session = model.open();
    }

    public static RowSession open(Bundle bundle, Model model) {
        return open(bundle, model, Limits.DEFAULT);
    }

    /// Closing it leaves the model open.
    public static RowSession open(Bundle bundle, Model model, Limits limits) {
        return new RowSession(bundle, model, limits);
    }

    /// As [Session#wayNanos].
    public long wayNanos() {
        return session.wayNanos();
    }

    /// As [Session#giveWay].
    public void giveWay() {
        session.giveWay();
    }

    /// Most rows that share a run.
    public int together() {
        return together;
    }

    /// One answer per row, in order; rows share a run where the model allows it.
    ///
    /// @throws dev.davy.strict.Problem as [Session#run] and [Preparation#write]; the field names
    ///   the row
    public List<Answer> ask(List<Row> rows, long deadlineNanos) {
        var answers = new ArrayList<Answer>(rows.size());
        for (int first = 0; first < rows.size(); first += together) {
            var some = rows.subList(first, Math.min(rows.size(), first + together));
            if (preparation.framed()) answers.add(frames(some.getFirst(), first, deadlineNanos));
            else batch(some, first, deadlineNanos, answers);
        }
        return answers;
    }

    private List<Tensor> tensors(int rows) {
        if (rows > KEPT_ROWS) return preparation.tensors(rows);
        return kept.computeIfAbsent(rows, preparation::tensors);
    }

    private void batch(List<Row> rows, int first, long deadlineNanos, List<Answer> answers) {
        var tensors = tensors(rows.size());
        var placements = new ArrayList<Placement>(rows.size());
        for (int at = 0; at < rows.size(); at++) {
            try {
                placements.add(preparation.place(rows.get(at), tensors, at));
            } catch (Problem problem) {
                throw problem.at("rows[" + (first + at) + "]");
            }
        }
        var outputs = session.run(tensors, deadlineNanos);
        for (int at = 0; at < rows.size(); at++)
            answers.add(reading.read(outputs, at, placements.get(at)));
    }

    private Answer frames(Row row, int at, long deadlineNanos) {
        var tensors = tensors(1);
        var sum = reading.overFrames();
        try {
            var recording = preparation.recording(row);
            while (recording.next(tensors)) {
                var outputs = session.run(tensors, deadlineNanos);
                sum.add(outputs);
                recording.carry(outputs, tensors);
            }
        } catch (Problem problem) {
            if (problem.kind() != Problem.Kind.MALFORMED) throw problem;
            throw problem.at("rows[" + at + "]");
        }
        return sum.answer();
    }

    @Override
    public void close() {
        session.close();
        kept.values().forEach(tensors -> tensors.forEach(Tensor::close));
    }
}

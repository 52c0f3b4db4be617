package dev.davy.runtime;

import java.time.Duration;
import java.util.List;

/// Calls of one remote model, one after the other.
final class RemoteSession implements Session {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Remote model;
    private final List<OutputForm> forms;
    private List<Tensor> outputs = List.of();
    private volatile boolean closed;

    RemoteSession(Remote model, List<OutputForm> forms) {
        this.model = model;
        this.forms = forms;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, long deadlineNanos) {
        if (closed) throw Failures.closed();
        Shapes.check(model.signature(), inputs);
        var within = LONGEST;
        if (deadlineNanos != Long.MAX_VALUE) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) throw Failures.late();
            if (left < LONGEST.toNanos()) within = Duration.ofNanos(left);
        }
        outputs = model.call(inputs, outputs, within);
        long rows = Shapes.rows(model.signature(), inputs);
        for (int at = 0; at < forms.size(); at++)
            forms.get(at).check(outputs.get(at).datatype(), outputs.get(at).shape(), rows);
        return outputs;
    }

    @Override
    public void close() {
        closed = true;
    }
}

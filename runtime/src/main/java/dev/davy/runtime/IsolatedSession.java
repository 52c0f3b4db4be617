package dev.davy.runtime;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to a model's child process.
///
/// The child ends its own runs at the deadline. One that does not is hanging in a single operator:
/// a grace later it is killed, and replaced for the next request.
final class IsolatedSession implements Session {
    private static final long GRACE_NANOS = 250_000_000;

    private static final long LEAST_GRACE_NANOS = 20_000_000;

    private final Isolated model;
    private final List<OutputForm> forms;
    private final Guard guard;
    private volatile @Nullable ChildProcess child;
    private @Nullable Exchange exchange;
    private List<Tensor> outputs = List.of();
    private long wayNanos;
    private boolean givesWay;

    IsolatedSession(Isolated model, List<OutputForm> forms) {
        this.model = model;
        this.forms = forms;
        guard = new Guard(this::kill);
        Watchdog.watch(guard);
    }

    /// How long a child may take to end a run whose deadline has passed: less where little was
    /// allowed, since the caller waits as long.
    private static long grace(long leftNanos) {
        return Math.clamp(leftNanos / 4, LEAST_GRACE_NANOS, GRACE_NANOS);
    }

    private void kill() {
        var now = child;
        if (now != null) now.kill();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, long deadlineNanos) {
        if (deadlineNanos != Long.MAX_VALUE && System.nanoTime() - deadlineNanos >= 0)
            throw Failures.late();
        Shapes.check(model.signature(), inputs);
        long killAt =
                deadlineNanos > Long.MAX_VALUE - GRACE_NANOS
                        ? Long.MAX_VALUE
                        : deadlineNanos + grace(deadlineNanos - System.nanoTime());
        var connected = connected(deadlineNanos);
        if (!guard.begin(killAt)) throw Failures.closed();
        boolean ended = true;
        boolean whole = false;
        long began = System.nanoTime();
        try {
            long left =
                    deadlineNanos == Long.MAX_VALUE
                            ? deadlineNanos
                            : deadlineNanos - System.nanoTime();
            connected.begin();
            connected.putLong(left);
            connected.putByte(givesWay ? 1 : 0);
            connected.putTensors(inputs);
            connected.send();
            connected.receive();
            if (connected.getByte() != 0) {
                whole = true;
                throw connected.getProblem();
            }
            long ran = connected.getLong();
            outputs = connected.getTensors(outputs);
            wayNanos += Math.max(0, System.nanoTime() - began - ran);
            whole = true;
        } catch (IOException e) {
            // Said below, when it is known whether the deadline did it.
            whole = false;
        } finally {
            ended = guard.finish();
            if (!whole) dropped();
        }
        if (!whole) throw ended ? Failures.late() : gone();
        check(inputs);
        return outputs;
    }

    @Override
    public long wayNanos() {
        return wayNanos;
    }

    @Override
    public void giveWay() {
        givesWay = true;
    }

    private Exchange connected(long deadlineNanos) {
        var now = exchange;
        var of = child;
        if (now != null && of != null && of.isAlive()) return now;
        dropped();
        var fresh = model.child(deadlineNanos);
        try {
            var made = new Exchange(fresh.connect());
            child = fresh;
            exchange = made;
            return made;
        } catch (IOException e) {
            model.died(fresh);
            throw gone();
        }
    }

    /// After a broken exchange: whatever is still on its way belongs to no later request.
    private void dropped() {
        if (exchange != null) exchange.close();
        exchange = null;
        var of = child;
        child = null;
        if (of != null) model.died(of);
    }

    private void check(List<Tensor> inputs) {
        if (outputs.size() != forms.size())
            throw Failures.broken(outputs.size() + " outputs came instead of " + forms.size());
        long rows = Shapes.rows(model.signature(), inputs);
        for (int at = 0; at < forms.size(); at++)
            forms.get(at).check(outputs.get(at).datatype(), outputs.get(at).shape(), rows);
    }

    private static Problem gone() {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "model-died",
                "The model's process ended while this request was with it.",
                "It crashed, ran out of memory, or was killed because another request made it hang.",
                "Ask again: it is being replaced. If this request does it every time, its values do.");
    }

    @Override
    public void close() {
        if (!guard.close()) return;
        Watchdog.forget(guard);
        model.closed(this);
        if (exchange != null) exchange.close();
        exchange = null;
    }
}

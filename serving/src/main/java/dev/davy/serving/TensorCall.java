package dev.davy.serving;

import dev.davy.runtime.Tensor;
import dev.davy.strict.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request for tensors on its way through a model, and the way its answer goes back.
public abstract class TensorCall {

    final Routing routing;
    final Arm assigned;
    final boolean pinned;
    final long untilNanos;

    /// Who is to answer: the assigned arm, or the one that answers for it when it failed.
    Arm arm;

    LoadedModel model;
    @Nullable Instead instead;
    final byte[] request;
    final @Nullable String entity;
    final int rows;
    final long arrivedNanos;
    final long deadlineNanos;
    final long[] ids;
    int first;

    /// Who decides each of its predictions; null: the model does, and nobody could have been asked.
    private @Nullable Deciding @Nullable [] deciding;

    /// Its own copy of the inputs, when it waits for a worker.
    @Nullable List<Tensor> own;

    /// @param request the caller's id of it in UTF-8; empty: none
    /// @param entity whom it is about, when the caller said so beside the tensors
    /// @param rows how many predictions it is
    /// @param pinned whether a tester chose the arm
    protected TensorCall(
            Routing routing,
            Arm arm,
            boolean pinned,
            LoadedModel model,
            byte[] request,
            @Nullable String entity,
            int rows,
            long arrivedNanos,
            long deadlineNanos) {
        this.routing = routing;
        this.assigned = arm;
        this.arm = arm;
        this.pinned = pinned;
        this.model = model;
        this.request = request;
        this.entity = entity;
        this.rows = rows;
        this.arrivedNanos = arrivedNanos;
        this.deadlineNanos = deadlineNanos;
        ids = new long[2 * rows];
        untilNanos = routing.untilNanos(arm, arrivedNanos, deadlineNanos);
    }

    /// When whoever is to answer must have: an arm that another would answer for has less time.
    final long untilNanos() {
        return instead == null ? untilNanos : deadlineNanos;
    }

    /// Who answers if the arm that is asked fails; nobody, if it is not the first.
    final Optional<Arm> next() {
        return instead == null ? routing.insteadOf(arm) : Optional.empty();
    }

    /// Gives it to the arm that answers for the one that failed.
    ///
    /// @return false when there is none
    final boolean goesTo(String failure, long nanos) {
        var next = next();
        var itsModel = next.flatMap(each -> each.program().only());
        if (itsModel.isEmpty()) return false;
        instead = new Instead(arm.role(), failure, nanos);
        arm = next.get();
        model = itsModel.get();
        routing.statistics().instead();
        return true;
    }

    /// Who decides one of its predictions.
    final @Nullable Deciding decided(int place, TensorAsking asking) {
        var automation = routing.automation();
        if (!automation.looks() || pinned) return null;
        var decides = automation.decide(asking);
        if (decides != null) {
            var all = deciding;
            if (all == null) deciding = all = new @Nullable Deciding[rows];
            all[place] = decides;
        }
        return decides;
    }

    /// Whether some of its predictions are not the model's to decide.
    final boolean isHeld() {
        var all = deciding;
        if (all == null) return false;
        for (var each : all)
            if (each != null
                    && !each.alone()
                    && !(each.meanwhile() instanceof Meanwhile.Provisional)) return true;
        return false;
    }

    /// Who decides one of its predictions, once that was asked.
    final @Nullable Deciding deciding(int place) {
        var all = deciding;
        return all == null ? null : all[place];
    }

    /// Its answer comes from another thread, later. Called by the thread that would have answered.
    protected abstract void held();

    public final Routing routing() {
        return routing;
    }

    public final Arm arm() {
        return arm;
    }

    public final LoadedModel model() {
        return model;
    }

    public final int rows() {
        return rows;
    }

    /// The ids of its predictions, two numbers each.
    public final long[] ids() {
        return ids;
    }

    /// Encodes and sends the answer. Called once, by the thread that ran the model, after its
    /// predictions are in the log.
    ///
    /// @param outputs of the whole run, valid only now
    /// @param firstRow where its rows begin in them
    /// @param whole all of the outputs are its own
    protected abstract void answered(List<Tensor> outputs, int firstRow, boolean whole);

    /// Sends what went wrong. Called once, instead of [#answered].
    protected abstract void failed(Problem problem);
}

package dev.davy.monitoring.pipeline;

import dev.davy.schema.Row;
import dev.davy.serving.Cases;
import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Rerun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the reference's components again about logged predictions of one stretch, row by row.
///
/// Each component is asked with what those before it said according to the log, so that it answers
/// for itself alone; where the log does not have their answers, with what they say now. Beside that
/// all of them are asked one behind the other, as the reference's pipeline would have been.
final class Reexecution {
    /// Rows that are asked together: enough to be quick, and few enough to stop soon.
    private static final int TOGETHER = 16;

    /// A component that takes longer than this for them hangs.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Rerun rerun;
    private final List<Rerun.Part> parts;
    private final long deadlineNanos;

    /// A row on its way through the components.
    private static final class Told {
        private final Row row;
        private final Map<String, ComponentAnswer> logged = new HashMap<>();
        private final List<ComponentAnswer> before = new ArrayList<>();
        private final List<ComponentAnswer> chain = new ArrayList<>();

        /// Whether all components so far said again what is in the log.
        private boolean asLogged = true;

        Told(Row row, List<ComponentAnswer> answers) {
            this.row = row;
            for (var each : answers) logged.put(each.component(), each);
        }
    }

    /// What came of one stretch.
    ///
    /// @param asked how many rows
    /// @param agreements of each component, in order; then of the endpoint's outputs, given what
    ///   its components said
    /// @param answered on how many rows each component was not skipped
    /// @param whole of the pipeline as a whole
    /// @param again what its components said, one behind the other
    record Came(
            int asked,
            List<Agreement> agreements,
            List<Integer> answered,
            Agreement whole,
            Columns again) {}

    private Reexecution(Rerun rerun, long deadlineNanos) {
        this.rerun = rerun;
        this.parts = rerun.parts();
        this.deadlineNanos = deadlineNanos;
    }

    /// When the deadline passes, fewer rows are asked than were drawn.
    static Came of(Rerun rerun, List<Case> cases, long deadlineNanos) {
        return new Reexecution(rerun, deadlineNanos).of(cases);
    }

    private Came of(List<Case> cases) {
        var needed = rerun.inputs();
        var agreements = new ArrayList<Agreement>();
        var answered = new ArrayList<Integer>();
        for (int i = 0; i <= parts.size(); i++) {
            agreements.add(Agreement.NONE);
            answered.add(0);
        }
        var whole = Agreement.NONE;
        var again = new Columns();
        int asked = 0;
        for (int from = 0; from < cases.size(); from += TOGETHER) {
            if (System.nanoTime() > deadlineNanos) break;
            var some = new ArrayList<Case>();
            var told = new ArrayList<Told>();
            for (var each : cases.subList(from, Math.min(from + TOGETHER, cases.size())))
                each.row(needed)
                        .ifPresent(row -> {
                            some.add(each);
                            told.add(new Told(row, each.prediction().answers()));
                        });
            for (int i = 0; i < parts.size(); i++) ask(i, told, agreements, answered);
            for (int i = 0; i < told.size(); i++) {
                var decided = Cases.answer(some.get(i).prediction());
                boolean picked = Sameness.same(rerun.decide(told.get(i).before), decided);
                agreements.set(parts.size(), agreements.getLast().with(picked));
                whole = whole.with(Sameness.same(rerun.decide(told.get(i).chain), decided));
                again.said(told.get(i).chain);
            }
            answered.set(parts.size(), answered.getLast() + told.size());
            asked += told.size();
        }
        return new Came(asked, agreements, answered, whole, again);
    }

    /// Asks one component about some rows, and notes what it said.
    private void ask(
            int place, List<Told> told, List<Agreement> agreements, List<Integer> answered) {
        var name = parts.get(place).name();
        var alone = ask(place, told, told.stream().map(each -> each.before).toList());
        var others = new ArrayList<Told>();
        for (int i = 0; i < told.size(); i++) {
            var each = told.get(i);
            var said = alone.get(i);
            var logged = Optional.ofNullable(each.logged.get(name));
            each.before.add(logged.orElse(said));
            if (each.asLogged) each.chain.add(said);
            else others.add(each);
            if (logged.isEmpty()) continue;
            boolean same = Sameness.same(said, logged.get());
            agreements.set(place, agreements.get(place).with(same));
            if (!said.skipped() || !logged.get().skipped())
                answered.set(place, answered.get(place) + 1);
            each.asLogged &= same;
        }
        if (others.isEmpty()) return;
        var inChain = ask(place, others, others.stream().map(each -> each.chain).toList());
        for (int i = 0; i < others.size(); i++) others.get(i).chain.add(inChain.get(i));
    }

    private List<ComponentAnswer> ask(
            int place, List<Told> told, List<List<ComponentAnswer>> before) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        return rerun.ask(place, told.stream().map(each -> each.row).toList(), before, until);
    }
}

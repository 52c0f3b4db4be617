package dev.davy.serving;

import dev.davy.runtime.TensorSpec;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Whether a candidate takes what live's callers send, and gives what they expect.
final class Fitting {
    private Fitting() {}

    /// @throws Problem UNACCEPTABLE `candidate-does-not-fit` with all that differs
    static void check(Endpoint endpoint, Loader.Loaded live, Loader.Loaded candidate) {
        var found = new ArrayList<String>();
        var takes = live.shape().rows();
        for (var column : candidate.shape().rows().columns()) {
            var sent = takes.column(column.name());
            if (sent.isEmpty()) {
                if (column.required())
                    found.add("it needs input '" + column.name() + "', which callers don't send");
            } else if (sent.get().type() != column.type())
                found.add(
                        "its input '%s' is %s, and callers send %s"
                                .formatted(
                                        column.name(),
                                        column.type().word(),
                                        sent.get().type().word()));
        }
        var gives = candidate.shape().outputs();
        for (var output : live.shape().outputs()) {
            var same = gives.stream().filter(each -> each.name().equals(output.name())).findFirst();
            if (same.isEmpty())
                found.add("it has no output '" + output.name() + "', which callers read");
            else if (!same.get().kind().getClass().equals(output.kind().getClass()))
                found.add("its output '" + output.name() + "' is of another kind");
        }
        if (live.shape().direct() && found.isEmpty()) tensors(live, candidate, found);
        if (!found.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "candidate-does-not-fit",
                    "The candidate does not fit endpoint '" + endpoint.name() + "'.",
                    found,
                    "Give it the same inputs and outputs, or declare them in the endpoint and map them.");
    }

    /// Callers who send tensors know the model's own names for them.
    private static void tensors(Loader.Loaded live, Loader.Loaded candidate, List<String> found) {
        var only = candidate.program().only();
        if (only.isEmpty() || !candidate.shape().direct()) {
            found.add("callers send tensors straight to the model, and it takes none");
            return;
        }
        var was = live.shape().signature();
        var is = only.get().signature();
        differ("inputs", was.inputs(), is.inputs(), found);
        differ("outputs", was.outputs(), is.outputs(), found);
    }

    private static void differ(
            String what, List<TensorSpec> was, List<TensorSpec> is, List<String> found) {
        Function<List<TensorSpec>, String> words =
                specs ->
                        specs.stream()
                                .map(spec ->
                                        spec.name()
                                                + " "
                                                + spec.datatype()
                                                + " of "
                                                + spec.shape().size()
                                                + " axes")
                                .collect(Collectors.joining(", "));
        if (!words.apply(was).equals(words.apply(is)))
            found.add(
                    "its tensors' "
                            + what
                            + " are "
                            + words.apply(is)
                            + ", and live's are "
                            + words.apply(was));
    }
}

package dev.davy.review;

import dev.davy.schema.Expression;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Meanwhile;
import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `automation` of an endpoint's declaration, and says everything that is wrong with it.
public final class PolicyReading {
    private static final int LEVELS_MOST = 16;
    private static final int QUEUE_MOST = 1_000_000;
    private static final int REVIEWERS_MOST = 9;
    private static final double CERTAINTY = 0.95;

    private final Fields fields;
    private final Schema schema;
    private final List<Output> outputs;

    private PolicyReading(Fields fields, Schema schema, List<Output> outputs) {
        this.fields = fields;
        this.schema = schema;
        this.outputs = outputs;
    }

    /// @param schema of what callers send
    /// @param outputs of what they get
    /// @throws Problem UNACCEPTABLE with all violations
    public static Policy read(Endpoint endpoint, Schema schema, List<Output> outputs) {
        var declared = endpoint.source().get("automation");
        if (declared == null) return Policy.NONE;
        var fields = Fields.of(declared, "Endpoint '" + endpoint.name() + "', automation");
        var policy = new PolicyReading(fields, schema, outputs).policy();
        fields.done();
        return policy;
    }

    /// Where a declaration can't be read: the model decides nothing.
    static Policy cautious() {
        var none = Policy.NONE;
        return new Policy(
                true,
                Level.ASSIST,
                none.levels(),
                none.alone(),
                0,
                none.meanwhile(),
                none.instructions(),
                1,
                0,
                0,
                none.deadline(),
                none.escalateAfter(),
                none.nobody(),
                none.queueMost(),
                none.full(),
                none.stepDown(),
                false,
                none.value(),
                false);
    }

    private Policy policy() {
        var level = fields.optionalChoice("level", Level.class).orElse(Level.FULL);
        var levels = levels();
        var alone = alone();
        boolean partial =
                level == Level.PARTIAL || levels.stream().anyMatch(l -> l.level() == Level.PARTIAL);
        if (partial && alone instanceof Policy.Alone.Never)
            fields.violation(
                    "alone-when",
                    "level partial needs 'alone-when': when is the model sure? For instance"
                            + " 'alone-when: confidence >= 0.95', or {target: error <= 1%}");
        double spotCheck = share("spot-check");
        if (alone instanceof Policy.Alone.Reaching && spotCheck == 0)
            fields.violation(
                    "spot-check",
                    "a target needs 'spot-check', such as 2%: what nobody looks at says nothing of"
                            + " whether it is still reached");
        var deadline = positive("deadline");
        var escalate = positive("escalate-after");
        var nobody = nobody();
        if (deadline.isEmpty() && !(nobody instanceof Policy.Nobody.Open))
            fields.violation(
                    "if-nobody", "'if-nobody' says what happens at the 'deadline'; there is none");
        var queue = fields.optionalObject("queue");
        int most =
                queue.map(of -> (int) of.optionalInteger("at-most", 1, QUEUE_MOST).orElse(10_000))
                        .orElse(10_000);
        var full = queue.map(this::full).orElseGet(Policy.Full.ByModel::new);
        int reviewers = (int) fields.optionalInteger("reviewers", 1, REVIEWERS_MOST).orElse(1);
        boolean truth =
                fields.has("consensus-is-truth") && fields.flag("consensus-is-truth", false);
        if (truth && reviewers < 2)
            fields.violation(
                    "consensus-is-truth",
                    "one person alone is no consensus: set 'reviewers' to 2 or more");
        return new Policy(
                true,
                level,
                levels,
                alone,
                spotCheck,
                meanwhile(),
                fields.optionalObject("instructions").map(this::instructions),
                reviewers,
                share("gold"),
                share("hidden"),
                deadline,
                escalate.or(() -> deadline.map(of -> of.dividedBy(2))),
                nobody,
                most,
                full,
                stepDown(),
                byEvidence(),
                value(),
                truth);
    }

    private List<Policy.BySlice> levels() {
        var levels = new ArrayList<Policy.BySlice>();
        for (var each : fields.has("levels") ? fields.objects("levels") : List.<Fields>of()) {
            var where = each.text("where");
            var level = each.choice("level", Level.class);
            checked(each, "where", where);
            if (level != null && !where.isEmpty()) levels.add(new Policy.BySlice(where, level));
        }
        if (levels.size() > LEVELS_MOST)
            fields.violation("levels", "'levels' has more than " + LEVELS_MOST + " slices");
        return levels;
    }

    private void checked(Fields of, String name, String condition) {
        try {
            for (var path : Conditions.read(condition, schema, outputs).paths())
                if (!path.startsWith("input.") && name.equals("where"))
                    of.violation(
                            name,
                            "'where' tells slices by the input alone: the level says whether the"
                                    + " model is asked at all, and '"
                                    + path
                                    + "' is not known before");
        } catch (Problem problem) {
            of.violation(name, "'" + name + "': " + problem.why());
        }
    }

    private Policy.Alone alone() {
        var said = fields.optionalNode("alone-when");
        if (said.isEmpty()) return new Policy.Alone.Never();
        var node = said.get();
        if (!node.isObject()) {
            var text = node.asString("");
            checked(fields, "alone-when", text);
            return new Policy.Alone.Holding(Conditions.conjuncts(text));
        }
        var of = fields.object("alone-when");
        var target = of.text("target");
        double certainty = of.has("certainty") ? share(of, "certainty") : CERTAINTY;
        if (!(certainty >= 0.5 && certainty < 1))
            of.violation("certainty", "'certainty' must be at least 50% and below 100%");
        try {
            return new Policy.Alone.Reaching(Target.of(target, outputs), certainty);
        } catch (Problem problem) {
            of.violation("target", "'target': " + problem.what() + " " + problem.why());
            return new Policy.Alone.Never();
        }
    }

    private double share(String name) {
        return fields.has(name) ? share(fields, name) : 0;
    }

    private static double share(Fields of, String name) {
        var node = of.node(name);
        double share = Double.NaN;
        if (node.isNumber()) share = node.doubleValue();
        else if (node.asString("").matches("[0-9]{1,3}(\\.[0-9]{1,6})?%")) {
            var text = node.asString("");
            share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
        }
        if (share >= 0 && share <= 1) return share;
        of.violation(name, "'" + name + "' is " + node + "; it must be a share from 0% to 100%");
        return 0;
    }

    private Optional<Duration> positive(String name) {
        var duration = fields.optionalDuration(name);
        if (duration.isPresent() && (duration.get().isNegative() || duration.get().isZero()))
            fields.violation(name, "'" + name + "' must be longer than nothing");
        return duration.filter(each -> !each.isNegative() && !each.isZero());
    }

    private Meanwhile meanwhile() {
        var said = fields.optionalNode("while-in-review");
        if (said.isEmpty()) return new Meanwhile.Wait();
        if (said.get().isObject()) return new Meanwhile.Safe(answer(said.get(), "while-in-review"));
        return switch (said.get().asString("")) {
            case "wait" -> new Meanwhile.Wait();
            case "refuse" -> new Meanwhile.Refuse();
            case "provisional" -> new Meanwhile.Provisional();
            default -> {
                fields.violation(
                        "while-in-review",
                        "'while-in-review' is "
                                + said.get()
                                + "; it must be wait, refuse, provisional or {answer: {OUTPUT: VALUE}}");
                yield new Meanwhile.Wait();
            }
        };
    }

    private Policy.Nobody nobody() {
        var said = fields.optionalNode("if-nobody");
        if (said.isEmpty()) return new Policy.Nobody.Open();
        if (said.get().isObject()) return new Policy.Nobody.Safe(answer(said.get(), "if-nobody"));
        return switch (said.get().asString("")) {
            case "open" -> new Policy.Nobody.Open();
            case "model" -> new Policy.Nobody.ByModel();
            default -> {
                fields.violation(
                        "if-nobody",
                        "'if-nobody' is "
                                + said.get()
                                + "; it must be open, model or {answer: {OUTPUT: VALUE}}");
                yield new Policy.Nobody.Open();
            }
        };
    }

    private Policy.Full full(Fields queue) {
        var said = queue.optionalNode("when-full");
        if (said.isEmpty()) return new Policy.Full.ByModel();
        if (said.get().isObject()) return new Policy.Full.Safe(answer(said.get(), "queue"));
        return switch (said.get().asString("")) {
            case "model" -> new Policy.Full.ByModel();
            case "refuse" -> new Policy.Full.Refuse();
            default -> {
                queue.violation(
                        "when-full",
                        "'when-full' is "
                                + said.get()
                                + "; it must be model, refuse or {answer: {OUTPUT: VALUE}}");
                yield new Policy.Full.ByModel();
            }
        };
    }

    /// `{answer: {label: ok}}`, as the endpoint's outputs allow it.
    private Map<String, Object> answer(JsonNode said, String name) {
        var values = new LinkedHashMap<String, Object>();
        var answer = said.get("answer");
        if (answer == null || !answer.isObject() || said.size() != 1) {
            fields.violation(name, "'" + name + "' must be {answer: {OUTPUT: VALUE}}");
            return values;
        }
        for (var each : answer.properties()) {
            var output = outputs.stream().filter(of -> of.name().equals(each.getKey())).findFirst();
            var value = output.map(of -> Answers.value(of.kind(), each.getValue())).orElse(null);
            if (value == null)
                fields.violation(
                        name,
                        "'"
                                + name
                                + "': "
                                + each.getKey()
                                + " = "
                                + each.getValue()
                                + " is nothing that this endpoint answers; its outputs are "
                                + outputs.stream().map(PolicyReading::shown).toList());
            else values.put(each.getKey(), value);
        }
        return values;
    }

    private static String shown(Output output) {
        return output.kind() instanceof OutputKind.Category category
                ? output.name() + " (" + String.join(", ", category.classes()) + ")"
                : output.name();
    }

    private Policy.Instructions instructions(Fields of) {
        var read = new Policy.Instructions(of.text("version"), of.optionalText("text").orElse(""));
        return read;
    }

    private Policy.StepDown stepDown() {
        var said = fields.optionalNode("step-down");
        if (said.isEmpty()) return new Policy.StepDown(Optional.of(Level.ASSIST), List.of());
        if (!said.get().isObject()) {
            if (!said.get().asString("").equals("never"))
                fields.violation(
                        "step-down",
                        "'step-down' must be never, or {on: any, to: assist}, or {on: [METRIC, …], to: …}");
            return new Policy.StepDown(Optional.empty(), List.of());
        }
        var of = fields.object("step-down");
        var to = of.optionalChoice("to", Level.class).orElse(Level.ASSIST);
        var on = of.optionalNode("on");
        var metrics = new ArrayList<String>();
        if (on.isPresent() && on.get().isArray())
            on.get().forEach(each -> metrics.add(each.asString("")));
        else if (on.isPresent() && !on.get().asString("").equals("any"))
            of.violation("on", "'on' must be any, or a list of metrics");
        return new Policy.StepDown(Optional.of(to), metrics);
    }

    private boolean byEvidence() {
        var said = fields.optionalText("step-up").orElse("by-person");
        if (!said.equals("by-person") && !said.equals("by-evidence"))
            fields.violation("step-up", "'step-up' must be by-person or by-evidence");
        return said.equals("by-evidence");
    }

    private Optional<String> value() {
        var said = fields.optionalText("value");
        if (said.isEmpty()) return said;
        @Nullable Expression read = null;
        try {
            read = Conditions.value(said.get(), schema, outputs);
        } catch (Problem problem) {
            fields.violation("value", "'value': " + problem.why());
        }
        if (read != null && read.type() != Expression.Type.NUMBER)
            fields.violation("value", "'value' must come to a number: what a case is worth");
        return said;
    }
}

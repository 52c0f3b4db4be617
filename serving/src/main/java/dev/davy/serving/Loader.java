package dev.davy.serving;

import dev.davy.registry.ModelVersion;
import dev.davy.registry.Models;
import dev.davy.runtime.Bundle;
import dev.davy.runtime.Isolation;
import dev.davy.runtime.Onnx;
import dev.davy.runtime.Remote;
import dev.davy.runtime.Signature;
import dev.davy.schema.Expression;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes a declared endpoint into something that answers: resolves versions, loads models, compiles
/// expressions against the types of the input and of the components before.
final class Loader {

    private final Models models;
    private final Limits limits;
    private final Set<String> remotes;

    /// @param remotes `host:port` of every server that may be asked as a remote model
    Loader(Models models, Limits limits, Set<String> remotes) {
        this.models = models;
        this.limits = limits;
        this.remotes = Set.copyOf(remotes);
    }

    /// An endpoint's program and what it takes and gives.
    record Loaded(Program program, Shape shape) {}

    /// Loads it. What was loaded before something went wrong is closed again.
    ///
    /// @param pinned versions by component that are to be used whatever an alias says now
    /// @param isolated whether registered models run in child processes, whatever they say
    ///   themselves
    /// @throws Problem UNACCEPTABLE when something in it does not fit
    Loaded load(Endpoint endpoint, Map<String, String> pinned, boolean isolated) {
        var loaded = new ArrayList<LoadedModel>();
        try {
            return link(endpoint, pinned, isolated, loaded);
        } catch (RuntimeException e) {
            loaded.forEach(LoadedModel::close);
            throw e;
        }
    }

    private Loaded link(
            Endpoint endpoint,
            Map<String, String> pinned,
            boolean isolated,
            List<LoadedModel> loaded) {
        var declared = endpoint.input();
        var steps = new ArrayList<Program.Step>();
        var byName = new HashMap<String, LoadedModel>();
        for (var component : endpoint.pipeline()) {
            var model =
                    switch (component) {
                        case Component.Registered registered ->
                                model(registered, version(registered, pinned), isolated);
                        case Component.Elsewhere elsewhere ->
                                Optional.of(elsewhere(elsewhere.url(), elsewhere.model()));
                        case Component.Rule _, Component.Lookup _ -> Optional.<LoadedModel>empty();
                    };
            model.ifPresent(each -> {
                loaded.add(each);
                byName.put(component.name(), each);
            });
        }
        var input = declared.orElseGet(() -> taken(endpoint, byName));
        for (var component : endpoint.pipeline())
            steps.add(step(endpoint, component, byName, pinned, input, steps));
        var outputs = outputs(endpoint, steps);
        var program = new Program(steps, outputs);
        // What callers send must not change when a model comes, nor when it goes again.
        var tensors =
                endpoint.fallback().isPresent()
                        ? Optional.<Signature>empty()
                        : program.only()
                                .filter(only -> fed(input, only))
                                .map(LoadedModel::signature);
        var shape =
                Shape.of(
                        endpoint,
                        input,
                        outputs.stream().map(Program.Source::output).toList(),
                        tensors);
        if (shape.entityColumn().isPresent() && input.column(shape.entityColumn().get()).isEmpty())
            throw unacceptable(
                    endpoint,
                    "its entity is '"
                            + endpoint.entity().orElse("")
                            + "', and the input has no such column");
        return new Loaded(program, shape);
    }

    /// Tensors may go straight to the model only if they bring all that a row would: an entity that
    /// is no input of the model comes in rows, or beside the tensors.
    private static boolean fed(Schema input, LoadedModel only) {
        return input.columns().stream()
                .allMatch(column ->
                        only.bundle().input().column(column.name()).isPresent()
                                || !column.required());
    }

    /// The version that a reference means now, as `name/7`; empty when there is none.
    Optional<String> resolves(String reference) {
        try {
            var version = models.resolve(reference);
            return Optional.of(version.address());
        } catch (Problem gone) {
            return Optional.empty();
        }
    }

    private static String version(Component.Registered component, Map<String, String> pinned) {
        return pinned.getOrDefault(component.name(), component.first());
    }

    /// What is to be loaded for a version; a fallback is nothing, or on another server.
    private Optional<LoadedModel> model(
            Component.Registered component, String version, boolean isolated) {
        if (!component.fallsBack(version))
            return Optional.of(open(models.resolve(version), isolated));
        return component.fallback().orElseThrow() instanceof Fallback.Remote remote
                ? Optional.of(elsewhere(remote.url(), remote.model()))
                : Optional.empty();
    }

    private LoadedModel open(ModelVersion version, boolean isolated) {
        var bundle = version.bundle();
        var report = version.trial();
        var model = Onnx.open(bundle, report, isolated ? Isolation.CHILD : Isolation.AUTO);
        boolean inProcess =
                !isolated
                        && (bundle.isolation() == Isolation.IN_PROCESS
                                || (bundle.isolation() == Isolation.AUTO
                                        && !bundle.inspection().valueDependent()));
        var loaded =
                new LoadedModel(
                        version.address(),
                        Integer.toString(version.version()),
                        Long.parseUnsignedLong(version.digest(), 0, 16, 16),
                        bundle,
                        model,
                        inProcess,
                        report.running().toNanos());
        if (inProcess) Pace.measure(loaded);
        else if (isolated) Pace.warm(loaded);
        return loaded;
    }

    private LoadedModel elsewhere(String url, String name) {
        var base = URI.create(url);
        var model = Remote.open(base, name, Optional.empty(), remotes, limits);
        Bundle bundle = Bundle.remote(model.signature());
        return new LoadedModel(
                base.getAuthority() + "/" + name,
                "1",
                0,
                bundle,
                model,
                false,
                LoadedModel.QUICK_NANOS);
    }

    /// What an endpoint takes that declares no input: what its models take and nothing before them
    /// says.
    private static Schema taken(Endpoint endpoint, Map<String, LoadedModel> models) {
        var columns = new LinkedHashMap<String, dev.davy.schema.Column>();
        for (var component : endpoint.pipeline()) {
            var model = models.get(component.name());
            Map<String, String> mapped =
                    component instanceof Component.Registered registered
                            ? registered.input()
                            : component instanceof Component.Elsewhere elsewhere
                                    ? elsewhere.input()
                                    : Map.of();
            if (model != null)
                for (var column : model.bundle().input().columns())
                    if (!mapped.containsKey(column.name()))
                        columns.putIfAbsent(column.name(), column);
        }
        if (columns.isEmpty())
            throw unacceptable(
                    endpoint, "it declares no 'input', and no model in it says what it takes");
        return new Schema(List.copyOf(columns.values()));
    }

    private Program.Step step(
            Endpoint endpoint,
            Component component,
            Map<String, LoadedModel> models,
            Map<String, String> pinned,
            Schema input,
            List<Program.Step> before) {
        var scope = Program.scope(input, before);
        var when = component.when().map(text -> Expression.condition(text, scope));
        return switch (component) {
            case Component.Registered registered when !models.containsKey(registered.name()) ->
                    fallbackStep(endpoint, registered, version(registered, pinned), scope);
            case Component.Registered(var name, _, _, var mapped, _) ->
                    modelStep(endpoint, name, when, models, mapped, input, before, scope);
            case Component.Elsewhere(var name, _, _, _, var mapped) ->
                    modelStep(endpoint, name, when, models, mapped, input, before, scope);
            case Component.Rule(var name, _, var rules) -> {
                var compiled = new LinkedHashMap<String, Expression>();
                var says = new ArrayList<Output>();
                rules.forEach((output, text) -> {
                    var expression = Expression.parse(text, scope);
                    compiled.put(output, expression);
                    says.add(new Output(output, kind(expression.type())));
                });
                yield new Program.RuleStep(name, when, compiled, says);
            }
            case Component.Lookup(var name, _, var key, var equals, var rows) -> {
                var table = new HashMap<Object, Map<String, Object>>();
                var says = new LinkedHashMap<String, Output>();
                for (var row : rows) {
                    var found = row.get(key);
                    if (found != null && table.put(Program.comparable(found), row) != null)
                        throw unacceptable(
                                endpoint,
                                "lookup '" + name + "' has two rows with " + key + " = " + found);
                    row.forEach((cell, value) ->
                            says.putIfAbsent(
                                    cell,
                                    new Output(
                                            cell,
                                            value instanceof Number
                                                    ? new OutputKind.Number()
                                                    : new OutputKind.Text())));
                }
                yield new Program.LookupStep(
                        name,
                        when,
                        Expression.parse(equals, scope),
                        table,
                        List.copyOf(says.values()));
            }
        };
    }

    private static Program.FallbackStep fallbackStep(
            Endpoint endpoint,
            Component.Registered component,
            String version,
            Expression.Scope scope) {
        var says = endpoint.output().stream().map(Endpoint.DeclaredOutput::output).toList();
        var answer = new LinkedHashMap<String, Object>();
        var rules = new LinkedHashMap<String, Expression>();
        if (component.fallback().orElseThrow() instanceof Fallback.Answer(var outputs))
            outputs.forEach((name, value) -> answer.put(name, asAnswered(says, name, value)));
        if (component.fallback().orElseThrow() instanceof Fallback.Rule(var texts))
            for (var output : says) {
                var text = texts.getOrDefault(output.name(), "");
                var expression = Expression.parse(text, scope);
                boolean number = expression.type() == Expression.Type.NUMBER;
                if (number != output.kind() instanceof OutputKind.Number)
                    throw unacceptable(
                            endpoint,
                            "'fallback.rule.%s' is %s, and the output is a %s"
                                    .formatted(
                                            output.name(),
                                            number ? "a number" : "no number",
                                            output.kind().name()));
                rules.put(output.name(), expression);
            }
        return new Program.FallbackStep(component.name(), version, answer, rules, says);
    }

    /// A list of numbers compares by what it holds, a vector as models give it does not.
    private static Object asAnswered(List<Output> says, String name, Object value) {
        for (var output : says)
            if (output.name().equals(name)
                    && output.kind() instanceof OutputKind.Vector
                    && value instanceof List<?> numbers) {
                var floats = new float[numbers.size()];
                for (int i = 0; i < floats.length; i++)
                    floats[i] = numbers.get(i) instanceof Float number ? number : Float.NaN;
                return floats;
            }
        return value;
    }

    private static OutputKind kind(Expression.Type type) {
        return switch (type) {
            case NUMBER -> new OutputKind.Number();
            case BOOLEAN -> new OutputKind.Category(List.of("true", "false"));
            case TEXT, TIME -> new OutputKind.Text();
        };
    }

    private static Program.ModelStep modelStep(
            Endpoint endpoint,
            String name,
            Optional<Expression> when,
            Map<String, LoadedModel> models,
            Map<String, String> mapped,
            Schema input,
            List<Program.Step> before,
            Expression.Scope scope) {
        var model = models.get(name);
        if (model == null) throw new IllegalStateException("component " + name + " is not loaded");
        var columns = new LinkedHashMap<String, Program.Feed>();
        var wanted = model.bundle().input();
        for (var text : mapped.keySet())
            if (wanted.column(text).isEmpty())
                throw unacceptable(
                        endpoint,
                        "component '"
                                + name
                                + "' maps '"
                                + text
                                + "', and its model takes "
                                + names(wanted));
        for (var column : wanted.columns()) {
            var text = mapped.get(column.name());
            if (text == null) {
                if (input.column(column.name()).isEmpty() && column.required())
                    throw unacceptable(
                            endpoint,
                            "component '"
                                    + name
                                    + "' takes '"
                                    + column.name()
                                    + "', which is neither in the input ("
                                    + names(input)
                                    + ") nor mapped by its 'input'");
                columns.put(column.name(), new Program.Feed.AsItIs("input." + column.name()));
            } else if (isPath(text, input, before)) {
                columns.put(column.name(), new Program.Feed.AsItIs(text));
            } else {
                columns.put(
                        column.name(), new Program.Feed.Computed(Expression.parse(text, scope)));
            }
        }
        return new Program.ModelStep(name, when, model, columns);
    }

    private static boolean isPath(String text, Schema input, List<Program.Step> before) {
        int dot = text.indexOf('.');
        if (dot < 0) return false;
        var of = text.substring(0, dot);
        var name = text.substring(dot + 1);
        if (of.equals("input")) return input.column(name).isPresent();
        return before.stream()
                .anyMatch(step ->
                        step.name().equals(of)
                                && step.says().stream()
                                        .anyMatch(output -> output.name().equals(name)));
    }

    private static List<Program.Source> outputs(Endpoint endpoint, List<Program.Step> steps) {
        var sources = new ArrayList<Program.Source>();
        if (endpoint.output().isEmpty()) {
            int last = steps.size() - 1;
            for (var output : steps.get(last).says())
                sources.add(new Program.Source(output, last, output.name()));
            return sources;
        }
        if (steps.getFirst() instanceof Program.FallbackStep fallback) {
            for (var output : fallback.says())
                sources.add(new Program.Source(output, 0, output.name()));
            return sources;
        }
        for (var declared : endpoint.output()) sources.add(source(endpoint, declared, steps));
        return sources;
    }

    private static Program.Source source(
            Endpoint endpoint, Endpoint.DeclaredOutput declared, List<Program.Step> steps) {
        var name = declared.output().name();
        var from = declared.from().orElse("");
        for (int i = steps.size() - 1; i >= 0; i--)
            for (var output : steps.get(i).says())
                if (declared.from().isPresent()
                        ? from.equals(steps.get(i).name() + "." + output.name())
                        : output.name().equals(name))
                    return new Program.Source(declared.output(), i, output.name());
        // A model whose only output has another name means that one: nothing else could be meant.
        var last = steps.getLast().says();
        if (declared.from().isEmpty() && endpoint.output().size() == 1 && last.size() == 1)
            return new Program.Source(declared.output(), steps.size() - 1, last.getFirst().name());
        throw unacceptable(
                endpoint,
                "output '"
                        + name
                        + "' comes from nowhere: the components say "
                        + steps.stream()
                                .flatMap(step ->
                                        step.says().stream()
                                                .map(output -> step.name() + "." + output.name()))
                                .toList());
    }

    private static List<String> names(Schema schema) {
        return schema.columns().stream().map(dev.davy.schema.Column::name).toList();
    }

    private static Problem unacceptable(Endpoint endpoint, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "endpoint-does-not-fit",
                "Endpoint '" + endpoint.name() + "' can't be put together.",
                "In its declaration, " + why + ".",
                "Correct it and apply it again.");
    }
}

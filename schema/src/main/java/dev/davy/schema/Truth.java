package dev.davy.schema;

import dev.davy.strict.Json;
import dev.davy.strict.Nearest;
import dev.davy.strict.Quote;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether a truth has the shape of its output's kind. The first fault is told.
final class Truth {
    private static final int ITEMS_MAX = 10_000;

    private Truth() {}

    static Optional<String> violation(OutputKind kind, JsonNode truth) {
        return switch (kind) {
            case OutputKind.Category(var classes) -> label("the truth", truth, classes);
            case OutputKind.MultiLabel(var classes) -> labels(truth, classes);
            case OutputKind.Number _ ->
                    number(truth)
                            ? Optional.empty()
                            : wrong("the truth", truth, "must be a number");
            case OutputKind.Text _ ->
                    truth.isString()
                            ? Optional.empty()
                            : wrong("the truth", truth, "must be a text");
            case OutputKind.Boxes(var classes) -> boxes(truth, classes);
            case OutputKind.Ranking _ -> ranking(truth);
            case OutputKind.Vector(int size) -> numbers("the truth", truth, size);
        };
    }

    private static Optional<String> label(String what, JsonNode truth, List<String> classes) {
        if (!truth.isString()) return wrong(what, truth, "must be the name of a class, a text");
        var name = truth.stringValue();
        if (classes.isEmpty() ? !name.isBlank() : classes.contains(name)) return Optional.empty();
        if (classes.isEmpty()) return wrong(what, truth, "must be the name of a class");
        var hint = Nearest.hint(name, classes);
        return wrong(
                what,
                truth,
                "must be one of " + Classes.said(classes) + (hint.isEmpty() ? "" : ". " + hint));
    }

    private static Optional<String> labels(JsonNode truth, List<String> classes) {
        if (!truth.isArray()) return wrong("the truth", truth, "must be a list of classes");
        if (truth.size() > ITEMS_MAX) return tooMany(truth);
        var seen = new HashSet<String>();
        for (int i = 0; i < truth.size(); i++) {
            var what = "the truth's element " + i;
            var violation = label(what, truth.get(i), classes);
            if (violation.isPresent()) return violation;
            if (!seen.add(truth.get(i).stringValue()))
                return wrong(what, truth.get(i), "must stand in the list once");
        }
        return Optional.empty();
    }

    private static Optional<String> boxes(JsonNode truth, List<String> classes) {
        if (!truth.isArray()) return wrong("the truth", truth, "must be a list of boxes");
        if (truth.size() > ITEMS_MAX) return tooMany(truth);
        for (int i = 0; i < truth.size(); i++) {
            var what = "the truth's element " + i;
            var box = truth.get(i);
            if (!box.isObject() || box.size() != 2 || !box.has("class") || !box.has("box"))
                return wrong(what, box, "must be {\"class\":…,\"box\":[x,y,width,height]}");
            var violation =
                    label("the class of " + what, box.get("class"), classes)
                            .or(() -> numbers("the box of " + what, box.get("box"), 4));
            if (violation.isPresent()) return violation;
            for (int side = 2; side < 4; side++)
                if (value(box.get("box").get(side)) <= 0)
                    return Optional.of(
                            "the box of " + what + " has a width or height that isn't above 0");
        }
        return Optional.empty();
    }

    private static Optional<String> ranking(JsonNode truth) {
        if (!truth.isObject())
            return wrong(
                    "the truth", truth, "must be an object of items and how relevant they are");
        if (truth.size() > ITEMS_MAX) return tooMany(truth);
        for (var item : truth.properties())
            if (!number(item.getValue()) || value(item.getValue()) < 0)
                return wrong(
                        "the truth's item " + Quote.of(item.getKey()),
                        item.getValue(),
                        "must be a number, at least 0");
        return Optional.empty();
    }

    private static Optional<String> numbers(String what, JsonNode truth, int size) {
        if (!truth.isArray()) return wrong(what, truth, "must be a list of " + size + " numbers");
        if (truth.size() != size)
            return Optional.of(what + " has " + truth.size() + " elements; it must have " + size);
        for (int i = 0; i < size; i++)
            if (!number(truth.get(i)))
                return wrong("element " + i + " of " + what, truth.get(i), "must be a number");
        return Optional.empty();
    }

    private static boolean number(JsonNode node) {
        return node.isNumber() && Double.isFinite(value(node));
    }

    // Jackson's own doubleValue() throws at an integer of 400 digits.
    private static double value(JsonNode number) {
        return number.numberValue().doubleValue();
    }

    private static Optional<String> tooMany(JsonNode truth) {
        return Optional.of(
                "the truth has " + truth.size() + " elements; the limit is " + ITEMS_MAX);
    }

    private static Optional<String> wrong(String what, JsonNode found, String must) {
        return Optional.of(what + " is " + said(found) + "; it " + must);
    }

    private static String said(JsonNode node) {
        if (node.isString()) return "the text " + Quote.of(node.stringValue());
        if (node.isArray()) return "a list";
        if (node.isObject()) return "an object";
        return node.isMissingNode() ? "missing" : Json.text(node);
    }
}

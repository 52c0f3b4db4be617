package dev.davy.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// Values of a server's document as cells of a table.
final class Values {
    private Values() {}

    /// What stands at the JSON pointer, as a person reads it; nothing where nothing is.
    static String cell(JsonNode document, String pointer) {
        return text(document.at(pointer));
    }

    /// One line per element, one cell per pointer.
    static List<List<String>> rows(Iterable<JsonNode> elements, String... pointers) {
        var rows = new ArrayList<List<String>>();
        for (var element : elements) {
            var cells = new ArrayList<String>();
            for (var pointer : pointers) cells.add(cell(element, pointer));
            rows.add(cells);
        }
        return rows;
    }

    static String text(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> "";
            case STRING -> value.asString();
            case NUMBER -> number(value);
            case ARRAY -> {
                var all = new StringJoiner(", ");
                for (var element : value) all.add(text(element));
                yield all.toString();
            }
            case OBJECT -> {
                var all = new StringJoiner(", ");
                for (var field : value.properties())
                    all.add(field.getKey() + " " + text(field.getValue()));
                yield all.toString();
            }
            default -> value.asString();
        };
    }

    // Three significant digits say what a table is asked for; -o json has them all.
    private static String number(JsonNode value) {
        if (value.isIntegralNumber()) return value.asString();
        double number = value.asDouble();
        double size = Math.abs(number);
        if (size >= 1e15 || size < 1e-4 && size > 0) return plain("%.2e", number);
        if (size >= 1000 || number == Math.rint(number)) return plain("%.0f", number);
        return plain("%." + (2 - (int) Math.floor(Math.log10(size))) + "f", number);
    }

    // With a point whatever the language of the person: what a table shows can be pasted.
    private static String plain(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }

    /// `3 min ago` for a moment in ISO 8601; the text itself when it is none.
    static String ago(String moment, Instant now) {
        try {
            long seconds = Duration.between(Instant.parse(moment), now).toSeconds();
            if (seconds < 0) return moment;
            if (seconds < 2) return "now";
            if (seconds < 120) return seconds + " s ago";
            if (seconds < 7_200) return seconds / 60 + " min ago";
            if (seconds < 172_800) return seconds / 3_600 + " h ago";
            return seconds / 86_400 + " days ago";
        } catch (DateTimeParseException notAMoment) {
            return moment;
        }
    }
}

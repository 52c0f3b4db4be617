package dev.davy.schema;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The list of classes of a category, in columns and outputs alike.
final class Classes {
    private static final int COUNT_MAX = 100_000;
    private static final int LENGTH_MAX = 256;
    private static final int SAID_MAX = 20;

    private Classes() {}

    /// Reads `classes`, empty where it isn't there. Classes that were written as numbers or as true
    /// and false are meant as texts.
    static List<String> read(Fields fields) {
        var classes = new ArrayList<String>();
        int i = 0;
        for (JsonNode node : fields.list("classes")) {
            if (node.isString() || node.isNumber() || node.isBoolean())
                classes.add(node.asString());
            else fields.violation("classes[" + i + "]", "must be a text");
            i++;
        }
        return classes;
    }

    /// What is wrong with a list of classes, a sentence without subject each.
    static List<String> contradictions(List<String> classes) {
        var found = new ArrayList<String>();
        var seen = new HashSet<String>();
        if (classes.size() > COUNT_MAX)
            found.add("has " + classes.size() + " classes; the limit is " + COUNT_MAX);
        for (var text : classes) {
            if (text.isBlank() || text.length() > LENGTH_MAX)
                found.add(
                        "has the class %s; a class has 1 to %d characters"
                                .formatted(Quote.of(text), LENGTH_MAX));
            if (!seen.add(text)) found.add("has the class " + Quote.of(text) + " twice");
            if (found.size() >= SAID_MAX) break;
        }
        return found;
    }

    static String said(List<String> classes) {
        var said = String.join(", ", classes.stream().limit(SAID_MAX).map(Quote::of).toList());
        return classes.size() > SAID_MAX
                ? said + " and " + (classes.size() - SAID_MAX) + " more"
                : said;
    }

    static ArrayNode json(List<String> classes) {
        var array = Json.array();
        classes.forEach(array::add);
        return array;
    }
}

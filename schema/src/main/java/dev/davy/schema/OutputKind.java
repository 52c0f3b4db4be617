package dev.davy.schema;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an output is: a closed list, each with the JSON shape of its truth.
///
/// Written as `{type: category, classes: [ok, scratch]}`, `{type: vector, size: 128}`, `{type:
/// number}`. Where classes are left out, any text is one.
public sealed interface OutputKind {

    /// One of the classes. Truth: a text, `"scratch"`; one of the classes where they are listed.
    record Category(List<String> classes) implements OutputKind {
        public Category {
            classes = checked(classes);
        }
    }

    /// Any number of the classes. Truth: a list of different texts, `["dent","scratch"]`; `[]` for
    /// none of them.
    record MultiLabel(List<String> classes) implements OutputKind {
        public MultiLabel {
            classes = checked(classes);
        }
    }

    /// Truth: a number, `3.5`.
    @SuppressWarnings("AvoidCommonTypeNames") // the field's word, and always said OutputKind.Number
    record Number() implements OutputKind {}

    /// Truth: a text, `"nine"`.
    record Text() implements OutputKind {}

    /// Things found in an image. Truth: a list, `[{"class":"scratch","box":[x,y,width,height]}]`,
    /// in pixels of the image as it came, `x` and `y` the upper left corner of the box, counted
    /// from that of the image; `[]` when there is nothing to find. At most 10,000.
    record Boxes(List<String> classes) implements OutputKind {
        public Boxes {
            classes = checked(classes);
        }
    }

    /// Items, best first. Truth: an object of what is relevant, `{"article-7":3,"article-2":1}`:
    /// the item and how relevant it is, at least 0; what isn't named is 0. At most 10,000.
    record Ranking() implements OutputKind {}

    /// Truth: a list of exactly `size` numbers.
    ///
    /// @param size 1 to 1,048,576
    record Vector(int size) implements OutputKind {
        static final int SIZE_MAX = 1 << 20;

        public Vector {
            if (size < 1 || size > SIZE_MAX) throw new IllegalArgumentException("size is " + size);
        }
    }

    /// The names of the kinds, as they are written.
    enum Name {
        CATEGORY,
        MULTI_LABEL,
        NUMBER,
        TEXT,
        BOXES,
        RANKING,
        VECTOR
    }

    /// Reads the object above.
    ///
    /// @throws dev.davy.strict.Problem UNACCEPTABLE with all violations at once
    static OutputKind read(JsonNode node) {
        var fields = Fields.of(node, "The output");
        var kind = read(fields);
        fields.done();
        return kind;
    }

    /// Reads the object above out of a larger one. What is wrong is noted there: the kind is good
    /// for something once `done()` has passed.
    static OutputKind read(Fields fields) {
        var name = fields.choice("type", Name.class);
        var classes = Classes.read(fields);
        var size = fields.optionalInteger("size", 1, Vector.SIZE_MAX);
        boolean classy =
                switch (name) {
                    case CATEGORY, MULTI_LABEL, BOXES -> true;
                    case NUMBER, TEXT, RANKING, VECTOR -> false;
                };
        if (fields.has("classes") && !classy)
            fields.violation("classes", "is for category, multi-label and boxes only");
        if (fields.has("size") && name != Name.VECTOR)
            fields.violation("size", "is for vectors only");
        if (!fields.has("size") && name == Name.VECTOR) fields.violation("size", "is missing");
        var wrong = Classes.contradictions(classes);
        wrong.forEach(fields::violation);
        var fit = wrong.isEmpty() ? classes : List.<String>of();
        return switch (name) {
            case CATEGORY -> new Category(fit);
            case MULTI_LABEL -> new MultiLabel(fit);
            case NUMBER -> new Number();
            case TEXT -> new Text();
            case BOXES -> new Boxes(fit);
            case RANKING -> new Ranking();
            case VECTOR -> new Vector((int) size.orElse(1));
        };
    }

    /// What is wrong with a truth of this kind, in one sentence; empty when nothing is.
    default Optional<String> truthViolation(JsonNode truth) {
        return Truth.violation(this, truth);
    }

    /// `category`, `multi-label`, `number`, `text`, `boxes`, `ranking` or `vector`.
    default String name() {
        return switch (this) {
            case Category _ -> "category";
            case MultiLabel _ -> "multi-label";
            case Number _ -> "number";
            case Text _ -> "text";
            case Boxes _ -> "boxes";
            case Ranking _ -> "ranking";
            case Vector _ -> "vector";
        };
    }

    /// The object above, canonical: `read(json())` is this kind again.
    default JsonNode json() {
        var json = Json.object().put("type", name());
        switch (this) {
            case Category(var classes) -> put(json, classes);
            case MultiLabel(var classes) -> put(json, classes);
            case Boxes(var classes) -> put(json, classes);
            case Vector(int size) -> json.put("size", size);
            case Number _, Text _, Ranking _ -> {}
        }
        return json;
    }

    private static void put(ObjectNode json, List<String> classes) {
        if (!classes.isEmpty()) json.set("classes", Classes.json(classes));
    }

    private static List<String> checked(List<String> classes) {
        var wrong = Classes.contradictions(classes);
        if (!wrong.isEmpty()) throw new IllegalArgumentException(wrong.toString());
        return List.copyOf(classes);
    }
}

package dev.davy.schema;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What an output is: a closed list, each with the JSON shape of its truth.
///
/// Written as `{type: category, classes: [ok, scratch]}`, `{type: vector, size: 128}`, `{type:
/// number}`.
@SuppressWarnings("DoNotCallSuggester") // bodies follow
public sealed interface OutputKind {

    /// One of the classes. Truth: a text, `"scratch"`; one of the classes where they are listed.
    record Category(List<String> classes) implements OutputKind {
        public Category {
            classes = List.copyOf(classes);
        }
    }

    /// Any number of the classes. Truth: a list of different texts, `["dent","scratch"]`; `[]` for
    /// none of them.
    record MultiLabel(List<String> classes) implements OutputKind {
        public MultiLabel {
            classes = List.copyOf(classes);
        }
    }

    /// Truth: a number, `3.5`.
    @SuppressWarnings("AvoidCommonTypeNames") // the field's word, and always said OutputKind.Number
    record Number() implements OutputKind {}

    /// Truth: a text, `"nine"`.
    record Text() implements OutputKind {}

    /// Things found in an image. Truth: a list, `[{"class":"scratch","box":[x,y,width,height]}]`,
    /// in pixels of the image as it came, `x` and `y` the upper left corner, counted from the
    /// image's upper left corner; `[]` when there is nothing to find.
    record Boxes(List<String> classes) implements OutputKind {
        public Boxes {
            classes = List.copyOf(classes);
        }
    }

    /// Items, best first. Truth: an object of what is relevant, `{"article-7":3,"article-2":1}`:
    /// the item and how relevant it is, at least 0; what isn't named is 0.
    record Ranking() implements OutputKind {}

    /// Truth: a list of exactly `size` numbers.
    record Vector(int size) implements OutputKind {}

    /// Reads the object above. Throws a `Problem` with all violations at once.
    static OutputKind read(JsonNode node) {
        throw new IllegalStateException("not there yet");
    }

    /// What is wrong with a truth of this kind, in one sentence; empty when nothing is.
    default Optional<String> truthViolation(JsonNode truth) {
        throw new IllegalStateException("not there yet");
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
        throw new IllegalStateException("not there yet");
    }
}

package dev.davy.review.explain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What one answer hung on.
///
/// @param method how it was found
/// @param version what was asked again: the one that had answered
/// @param target what of the answer is explained
/// @param base its score for the input as it came
/// @param column of the picture or recording, where there is one
/// @param grid how much each part of it counts
/// @param columns the other inputs, in their order
/// @param recent with how many recent rows they were compared
/// @param runs how often the model was asked
public record Explanation(
        Method method,
        String version,
        Optional<Target> target,
        OptionalDouble base,
        String column,
        Optional<Grid> grid,
        List<Column> columns,
        int recent,
        int runs) {
    /// How an explanation is found.
    public enum Method {
        /// Parts are covered or muted, and the score falls (Zeiler and Fergus, 2014).
        OCCLUSION("occlusion"),
        /// Values are swapped for those of recent rows (Strumbelj and Kononenko, 2014).
        SHAPLEY("shapley-sampling"),
        /// Nobody was asked: it is only said how unusual the values are.
        NONE("none");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// How much the score falls where a part is covered; below zero it rises.
    ///
    /// @param values row by row from the upper left; of a recording one row, from its beginning
    /// @param width of the picture in pixels; 0 for a recording
    /// @param seconds of the recording; 0 for a picture
    public record Grid(
            int rows, int columns, List<Double> values, int width, int height, double seconds) {
        public Grid {
            values = List.copyOf(values);
            if (values.size() != rows * columns)
                throw new IllegalArgumentException(
                        values.size() + " values for " + rows + " by " + columns);
        }
    }

    /// An input that is no picture or recording.
    ///
    /// @param value as people read it; `missing`
    /// @param push by how much it moved the score from that of recent rows
    /// @param error the standard error of that, from sampling
    /// @param unusual how it stands among recent rows; empty: there are none
    public record Column(
            String name,
            String value,
            OptionalDouble push,
            OptionalDouble error,
            Optional<Usual.Place> unusual) {}

    public Explanation {
        columns = List.copyOf(columns);
    }
}

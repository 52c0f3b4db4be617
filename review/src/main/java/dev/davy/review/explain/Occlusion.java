package dev.davy.review.explain;

import dev.davy.review.explain.Explanation.Grid;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in a picture, or when in a recording, the answer comes from: a part is taken away, and the
/// score falls by what it was worth (Zeiler and Fergus, Visualizing and understanding convolutional
/// networks, 2014).
///
/// A patch covers two by two cells and moves by one, so that what lies on the border of two cells
/// is covered whole by one patch; a cell's value is the mean over the patches that cover it.
final class Occlusion {
    /// Cells along a side, or of a recording.
    static final int CELLS_MIN = 4;

    static final int CELLS_MAX = 32;

    /// Asked together: few, for each holds a whole picture.
    private static final int TOGETHER = 8;

    private final Asking model;
    private final Row row;
    private final String column;

    /// @param column of the row, which holds the picture or recording
    Occlusion(Asking model, Row row, String column) {
        this.model = model;
        this.row = row;
        this.column = column;
    }

    /// @param base the score with nothing covered
    Grid of(Picture picture, int cells, double base) {
        int columns = Math.min(cells, picture.width());
        int rows = Math.min(cells, picture.height());
        var places = new ArrayList<int[]>();
        for (int y = 0; y < Math.max(1, rows - 1); y++)
            for (int x = 0; x < Math.max(1, columns - 1); x++) places.add(new int[] {x, y});
        var fell =
                fell(
                        places,
                        place ->
                                picture.covered(
                                        edge(place[0], columns, picture.width()),
                                        edge(place[1], rows, picture.height()),
                                        edge(
                                                Math.min(columns, place[0] + 2),
                                                columns,
                                                picture.width()),
                                        edge(Math.min(rows, place[1] + 2), rows, picture.height())),
                        base);
        return new Grid(
                rows,
                columns,
                spread(places, fell, rows, columns),
                picture.width(),
                picture.height(),
                0);
    }

    /// As above, along time.
    Grid of(Recording recording, int cells, double base) {
        int columns = Math.min(cells, recording.frames());
        var places = new ArrayList<int[]>();
        for (int x = 0; x < Math.max(1, columns - 1); x++) places.add(new int[] {x, 0});
        var fell =
                fell(
                        places,
                        place ->
                                recording.muted(
                                        edge(place[0], columns, recording.frames()),
                                        edge(
                                                Math.min(columns, place[0] + 2),
                                                columns,
                                                recording.frames())),
                        base);
        return new Grid(1, columns, spread(places, fell, 1, columns), 0, 0, recording.seconds());
    }

    /// How often the model is asked for a picture.
    static int runs(Grid grid) {
        return Math.max(1, grid.rows() - 1) * Math.max(1, grid.columns() - 1);
    }

    private static int edge(int cell, int cells, int length) {
        return (int) ((long) cell * length / cells);
    }

    private interface Without {
        Media at(int[] place);
    }

    private double[] fell(List<int[]> places, Without without, double base) {
        var fell = new double[places.size()];
        for (int from = 0; from < fell.length; from += TOGETHER) {
            int to = Math.min(fell.length, from + TOGETHER);
            var rows = new ArrayList<Row>(to - from);
            for (var place : places.subList(from, to)) {
                var values = new LinkedHashMap<String, @Nullable Object>(row.values());
                values.put(column, without.at(place));
                rows.add(new Row(values));
            }
            var scores = model.of(rows);
            for (int i = from; i < to; i++) fell[i] = base - scores[i - from];
        }
        return fell;
    }

    private static List<Double> spread(List<int[]> places, double[] fell, int rows, int columns) {
        var sums = new double[rows * columns];
        var counts = new int[rows * columns];
        for (int i = 0; i < fell.length; i++)
            for (int y = places.get(i)[1]; y < Math.min(rows, places.get(i)[1] + 2); y++)
                for (int x = places.get(i)[0]; x < Math.min(columns, places.get(i)[0] + 2); x++) {
                    sums[y * columns + x] += fell[i];
                    counts[y * columns + x]++;
                }
        var values = new ArrayList<Double>(sums.length);
        for (int i = 0; i < sums.length; i++) values.add(sums[i] / counts[i]);
        return values;
    }
}

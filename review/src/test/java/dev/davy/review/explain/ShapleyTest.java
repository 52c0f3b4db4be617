package dev.davy.review.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.schema.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShapleyTest {
    private static final List<String> COLUMNS = List.of("a", "b", "c");

    private static double at(Row row, String column) {
        return row.at(column) instanceof Double number ? number : 0;
    }

    private static Map<String, Shapley.Push> pushes(
            ToDoubleFunction<Row> model, Row row, List<Row> recent, int runs, long seed) {
        return Shapley.of(
                        rows -> rows.stream().mapToDouble(model).toArray(),
                        row,
                        COLUMNS,
                        recent,
                        runs,
                        new Random(seed),
                        () -> true)
                .pushes();
    }

    private static Shapley.Push push(Map<String, Shapley.Push> pushes, String column) {
        return Objects.requireNonNull(pushes.get(column));
    }

    private static List<Row> recent(long seed, int count) {
        var chance = new Random(seed);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++)
            rows.add(
                    Row.of(
                            "a", chance.nextGaussian(),
                            "b", chance.nextGaussian(),
                            "c", chance.nextGaussian()));
        return rows;
    }

    /// Of a sum each column's part is its own term less the term's mean: no order changes it.
    @Test
    void ofASumEachColumnPushesByItsOwnTerm() {
        var recent = List.of(Row.of("a", 1.0, "b", 2.0, "c", 3.0));
        var pushes =
                pushes(
                        row -> 2 * at(row, "a") - 3 * at(row, "b"),
                        Row.of("a", 5.0, "b", 1.0, "c", 9.0),
                        recent,
                        400,
                        1);
        assertThat(push(pushes, "a").value()).isCloseTo(8, within(1e-12));
        assertThat(push(pushes, "b").value()).isCloseTo(3, within(1e-12));
        assertThat(push(pushes, "c").value()).isZero();
        assertThat(push(pushes, "a").error()).isCloseTo(0, within(1e-12));
    }

    /// Of a product of two, against zeros, each is worth half: the one that comes second brings it
    /// all (Shapley's own symmetry).
    @Test
    void twoThatActOnlyTogetherShareAlike() {
        var pushes =
                pushes(
                        row -> at(row, "a") * at(row, "b"),
                        Row.of("a", 2.0, "b", 5.0, "c", 7.0),
                        List.of(Row.of("a", 0.0, "b", 0.0, "c", 0.0)),
                        800,
                        7);
        assertThat(push(pushes, "a").value()).isCloseTo(5, within(1e-9));
        assertThat(push(pushes, "b").value()).isCloseTo(5, within(1e-9));
        assertThat(push(pushes, "c").value()).isZero();
    }

    /// Whatever the model: the pushes add up to what this row scores above recent ones.
    @Test
    void pushesAddUpToTheDifference() {
        for (long seed = 1; seed <= 50; seed++) {
            var recent = recent(seed, 1);
            var row = Row.of("a", 1.5, "b", -0.5, "c", 2.0);
            ToDoubleFunction<Row> model =
                    of -> Math.tanh(at(of, "a") + at(of, "b") * at(of, "c")) + at(of, "c");
            double sum =
                    pushes(model, row, recent, 200, seed).values().stream()
                            .mapToDouble(Shapley.Push::value)
                            .sum();
            assertThat(sum)
                    .as("seed %d", seed)
                    .isCloseTo(
                            model.applyAsDouble(row) - model.applyAsDouble(recent.getFirst()),
                            within(1e-9));
        }
    }

    /// The exact value for three columns is a mean over six orders and all recent rows.
    @Test
    void theErrorCoversTheExactValue() {
        var recent = recent(3, 40);
        var row = Row.of("a", 1.0, "b", 1.0, "c", -1.0);
        ToDoubleFunction<Row> model =
                of -> Math.max(at(of, "a"), at(of, "b")) * at(of, "c") + at(of, "a");
        double exact = exact(model, row, recent);
        int covered = 0;
        for (long seed = 1; seed <= 200; seed++) {
            var push = push(pushes(model, row, recent, 160, seed), "a");
            if (Math.abs(push.value() - exact) <= 2 * push.error()) covered++;
        }
        // 95 % of 200, and the binomial's room of 99.9 % below for an estimated error.
        assertThat(covered).isGreaterThan(170);
    }

    private static double exact(ToDoubleFunction<Row> model, Row row, List<Row> recent) {
        double sum = 0;
        var orders = List.of("abc", "acb", "bac", "bca", "cab", "cba");
        for (var before : recent)
            for (var order : orders) {
                var here = order.substring(0, order.indexOf('a'));
                var without = new @Nullable Object[6];
                var with = new @Nullable Object[6];
                for (int i = 0; i < 3; i++) {
                    var name = COLUMNS.get(i);
                    without[2 * i] = name;
                    with[2 * i] = name;
                    boolean came = here.contains(name);
                    without[2 * i + 1] = came ? row.at(name) : before.at(name);
                    with[2 * i + 1] = came || name.equals("a") ? row.at(name) : before.at(name);
                }
                sum += model.applyAsDouble(Row.of(with)) - model.applyAsDouble(Row.of(without));
            }
        return sum / (recent.size() * orders.size());
    }

    @Test
    void asksNoMoreThanItMay() {
        var asked = new int[1];
        var found =
                Shapley.of(
                        rows -> {
                            asked[0] += rows.size();
                            return new double[rows.size()];
                        },
                        Row.of("a", 1.0, "b", 1.0, "c", 1.0),
                        COLUMNS,
                        recent(1, 10),
                        100,
                        new Random(1),
                        () -> true);
        assertThat(asked[0]).isEqualTo(found.runs()).isLessThanOrEqualTo(100);
        assertThat(found.draws()).isEqualTo(24);
    }
}

package dev.davy.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What must hold of every distance between counts, on many seeded pairs.
class DistancesTest {
    private static final int ROUNDS = 200;

    private static final Map<String, Function<Cells, Drift>> SYMMETRIC =
            Map.of(
                    "psi", cells -> Distances.psi(cells, Zeros.usual()),
                    "js", cells -> Distances.jensenShannonDistance(cells, 2),
                    "jsd", cells -> Distances.jensenShannonDivergence(cells, Math.E),
                    "hellinger", Distances::hellinger,
                    "tv", Distances::totalVariation,
                    "linf", Distances::lInfinity,
                    "normalised", Distances::normalisedDifference,
                    "chi", cells -> CountTests.independence(cells, false),
                    "z", cells -> CountTests.z(cells, 0));

    private static final Map<String, Function<Cells, Drift>> ONE_SIDED =
            Map.of(
                    "kl", cells -> Distances.kullbackLeibler(cells, Zeros.usual(), 2),
                    "fit", cells -> CountTests.goodnessOfFit(cells, 0),
                    "g", cells -> CountTests.g(cells, true));

    private static Map<String, Function<Cells, Drift>> all() {
        var all = new LinkedHashMap<>(SYMMETRIC);
        all.putAll(ONE_SIDED);
        return all;
    }

    /// Counts of 2 to 12 categories; with `zeros`, some on one side only.
    private static Cells cells(Random random, boolean zeros) {
        int size = 2 + random.nextInt(11);
        var names = IntStream.range(0, size).mapToObj(i -> "c" + i).toList();
        var reference = new double[size];
        var current = new double[size];
        for (int i = 0; i < size; i++) {
            reference[i] = zeros && i == 0 ? 0 : 5 + random.nextInt(200);
            current[i] = zeros && i == 1 ? 0 : 5 + random.nextInt(200);
        }
        return Cells.of(names, reference, current);
    }

    private static Cells swapped(Cells cells) {
        return Cells.of(cells.names(), cells.currentCounts(), cells.referenceCounts());
    }

    @Test
    void theSameCountsAreNoDistanceApart() {
        var random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            var cells = cells(random, false);
            var same = Cells.of(cells.names(), cells.referenceCounts(), cells.referenceCounts());
            all().forEach((name, distance) -> {
                var drift = distance.apply(same);
                assertThat(drift.value()).as(name).isCloseTo(0, within(1e-7));
                drift.pValue().ifPresent(p -> assertThat(p).as(name).isCloseTo(1, within(1e-6)));
            });
        }
    }

    @Test
    void symmetricOnesDoNotCareWhichCameFirstAndTheOthersDo() {
        var random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            var cells = cells(random, round % 2 == 0);
            var other = swapped(cells);
            SYMMETRIC.forEach((name, distance) ->
                    assertThat(Math.abs(distance.apply(cells).value()))
                            .as("%s of %s", name, round(cells))
                            .isCloseTo(Math.abs(distance.apply(other).value()), within(1e-9)));
        }
        var lopsided = Cells.of(List.of("a", "b", "c"), d(90, 9, 1), d(40, 40, 20));
        ONE_SIDED.forEach((name, distance) ->
                assertThat(distance.apply(lopsided).value())
                        .as(name)
                        .isNotCloseTo(distance.apply(swapped(lopsided)).value(), within(1e-3)));
    }

    private static double[] d(double... values) {
        return values;
    }

    private static String round(Cells cells) {
        return cells.names().size() + " cells";
    }

    @Test
    void theOrderAndTheNamesOfCategoriesDoNotCount() {
        var random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            var cells = cells(random, true);
            var order = new ArrayList<>(IntStream.range(0, cells.size()).boxed().toList());
            // The z-test asks about the first cell, which stays where it is.
            Collections.shuffle(order.subList(1, order.size()), random);
            var mixed =
                    Cells.of(
                            order.stream().map(i -> "other" + i).toList(),
                            order.stream().mapToDouble(cells::reference).toArray(),
                            order.stream().mapToDouble(cells::current).toArray());
            all().forEach((name, distance) -> {
                double before = distance.apply(cells).value();
                double after = distance.apply(mixed).value();
                if (Double.isInfinite(before)) assertThat(after).as(name).isInfinite();
                else
                    assertThat(after)
                            .as(name)
                            .isCloseTo(before, within(1e-9 * (1 + Math.abs(before))));
            });
        }
    }

    @Test
    void distancesOfSharesDoNotGrowWithTheRows() {
        var random = new Random(4);
        var ofShares = List.of("psi", "js", "jsd", "hellinger", "tv", "linf");
        for (int round = 0; round < ROUNDS; round++) {
            var cells = cells(random, true);
            var ten = cells.times(10, 10);
            for (var name : ofShares) {
                var distance = all().get(name);
                if (distance == null) throw new AssertionError(name);
                assertThat(distance.apply(ten).value())
                        .as(name)
                        .isCloseTo(distance.apply(cells).value(), within(1e-9));
            }
        }
    }

    @Test
    void eachStaysBetweenItsBounds() {
        var random = new Random(5);
        for (int round = 0; round < ROUNDS; round++) {
            var cells = cells(random, true);
            double tv = Distances.totalVariation(cells).value();
            double hellinger = Distances.hellinger(cells).value();
            assertThat(Distances.jensenShannonDistance(cells, 2).value()).isBetween(0.0, 1.0);
            assertThat(Distances.jensenShannonDistance(cells, Math.E).value())
                    .isBetween(0.0, Math.sqrt(Math.log(2)) + 1e-12);
            assertThat(hellinger).isBetween(0.0, 1.0);
            assertThat(Distances.lInfinity(cells).value()).isBetween(0.0, tv + 1e-12);
            // Le Cam 1969: H² ≤ TV ≤ H sqrt(2 - H²).
            assertThat(tv)
                    .isBetween(
                            hellinger * hellinger - 1e-12,
                            hellinger * Math.sqrt(2 - hellinger * hellinger) + 1e-12);
            // Pinsker: TV ≤ sqrt(KL / 2), in natural units.
            var there = cells(random, false);
            assertThat(Distances.totalVariation(there).value())
                    .isLessThanOrEqualTo(
                            Math.sqrt(
                                            Distances.kullbackLeibler(there, Zeros.usual(), Math.E)
                                                            .value()
                                                    / 2)
                                    + 1e-12);
        }
    }

    @Test
    void categoriesWithNothingInCommonAreAsFarApartAsCanBe() {
        var cells = Cells.of(Map.of("a", 30, "b", 20), Map.of("c", 50));
        assertThat(Distances.totalVariation(cells).value()).isCloseTo(1, within(1e-12));
        assertThat(Distances.hellinger(cells).value()).isCloseTo(1, within(1e-12));
        assertThat(Distances.jensenShannonDistance(cells, 2).value()).isCloseTo(1, within(1e-12));
        assertThat(CountTests.goodnessOfFit(cells, 0).value()).isInfinite();
        assertThat(cells.appeared()).containsExactly("c");
        assertThat(cells.vanished()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void goingMissingIsDriftAndCanBeSeenApart() {
        var random = new Random(6);
        for (int round = 0; round < 50; round++) {
            var categories = Map.of("a", 700L, "b", 300L);
            long gone = 200L + random.nextInt(500);
            var drift = ColumnDrift.ofCategories(categories, 0, Map.of("a", 700L, "b", 300L), gone);
            assertThat(drift.size()).isCloseTo(gone / (1_000.0 + gone), within(1e-9));
            assertThat(drift.test().p()).as("what is there").isCloseTo(1, within(1e-9));
            assertThat(drift.missing().getFirst().p()).as("what is not").isLessThan(1e-9);
            assertThat(drift.pValue().orElse(1)).isLessThan(1e-9);
            assertThat(drift.cells().appeared()).containsExactly(Cells.MISSING);
        }
    }

    @Test
    void newAndVanishedCategoriesAreTold() {
        var drift =
                ColumnDrift.ofCategories(
                        Map.of("a", 500L, "b", 500L), 0, Map.of("a", 500L, "c", 500L), 0);
        assertThat(drift.size()).isCloseTo(0.5, within(1e-12));
        assertThat(drift.cells().appeared()).containsExactly("c");
        assertThat(drift.cells().vanished()).containsExactly("b");
        assertThat(drift.test().p()).isLessThan(1e-12);
    }
}

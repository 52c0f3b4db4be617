package dev.davy.bench;

import static dev.davy.bench.PastRows.number;
import static dev.davy.bench.PastRows.text;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// For how much is a house sold in 46 cities of Texas, month by month: prices rise on, and what a
/// model learnt of the first eight years grows too low.
final class HousesPast {
    private static final List<String> NEEDED = List.of("sales", "listings", "inventory", "median");

    private HousesPast() {}

    static PastSet set(PastSets sets) throws IOException {
        var months = new ArrayList<Map<String, String>>();
        for (var each : PastRows.read(sets.data().resolve("texas-housing/txhousing.csv")))
            if (NEEDED.stream().noneMatch(name -> text(each, name).isEmpty())) months.add(each);
        months.sort(Comparator.comparing(HousesPast::at));
        var judged = Instant.parse("2008-01-01T00:00:00Z");
        var usual = usual(months, judged);
        var rows = new PastRows(List.of("sales", "listings", "inventory", "city"));
        for (var each : months) {
            var city = usual.get(text(each, "city"));
            // A city of which the first years tell nothing has no column to go by.
            if (city == null) continue;
            rows.add(
                    at(each),
                    new double[] {
                        number(each, "sales"),
                        number(each, "listings"),
                        number(each, "inventory"),
                        city
                    },
                    Double.toString(number(each, "median") / 1_000));
        }
        return new PastSet(
                "houses in Texas",
                "houses",
                sets.table(rows, "houses"),
                PastSets.replay("30d"),
                rows.number(rows.before(judged)).bundle("price", List.of()),
                """
                kind: Endpoint
                name: houses
                origin: replay
                window: 31d
                reference: {from: "2000-01-01T00:00:00Z", to: "2008-01-01T00:00:00Z"}
                truth-within: 31d
                false-alarms: 1 per year
                model: houses/1
                """,
                Duration.ofDays(31),
                30 / 365.0,
                judged,
                judged,
                rows.end(),
                "prices rise on",
                List.of("quality.price.mae"),
                0);
    }

    private static Instant at(Map<String, String> row) {
        return YearMonth.of((int) number(row, "year"), (int) number(row, "month"))
                .atDay(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    /// What a house cost in each city in the first years, on average.
    private static Map<String, Double> usual(List<Map<String, String>> months, Instant until) {
        var sums = new HashMap<String, double[]>();
        for (var each : months) {
            if (!at(each).isBefore(until)) break;
            var sum = sums.computeIfAbsent(text(each, "city"), _ -> new double[2]);
            sum[0] += number(each, "median") / 1_000;
            sum[1]++;
        }
        var usual = new HashMap<String, Double>();
        sums.forEach((city, sum) -> usual.put(city, sum[0] / sum[1]));
        return usual;
    }
}

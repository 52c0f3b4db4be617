package dev.davy.bench;

import static dev.davy.bench.PastRows.number;
import static dev.davy.bench.PastRows.text;

import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Will a flight from New York be late? A third is in June and July, an eighth in September.
final class FlightsPast {
    private FlightsPast() {}

    static PastSet set(PastSets sets) throws IOException {
        var weather = new HashMap<String, Map<String, String>>();
        for (var each : PastRows.read(sets.data().resolve("nyc-flights-2013/weather.csv.gz")))
            weather.put(hour(each), each);
        var flights =
                new ArrayList<>(
                        PastRows.read(
                                sets.data().resolve("nyc-flights-2013/nycflights_sample.csv.gz")));
        flights.sort(Comparator.comparing(FlightsPast::departs));
        var judged = Instant.parse("2013-05-01T00:00:00Z");
        var carriers = carriers(flights, judged);
        var seen = List.of("humid", "wind_speed", "precip", "visib");
        var columns = new ArrayList<>(List.of("hour", "distance", "carrier_late", "newark", "jfk"));
        columns.addAll(seen);
        var rows = new PastRows(columns);
        var before = new double[] {60, 10, 0, 10};
        for (var each : flights) {
            var values = new double[columns.size()];
            values[0] = number(each, "hour");
            values[1] = number(each, "distance");
            values[2] = carriers.getOrDefault(text(each, "carrier"), 0.2);
            values[3] = text(each, "origin").equals("EWR") ? 1 : 0;
            values[4] = text(each, "origin").equals("JFK") ? 1 : 0;
            var then = weather.getOrDefault(hour(each), Map.of());
            // Where an hour has no weather, that of the flight before.
            for (int i = 0; i < seen.size(); i++) {
                var said = then.getOrDefault(seen.get(i), "");
                if (!said.isEmpty()) before[i] = Double.parseDouble(said);
                values[5 + i] = before[i];
            }
            rows.add(departs(each), values, late(each) ? "late" : "punctual");
        }
        return new PastSet(
                "flights",
                "flights",
                sets.table(rows, "flights"),
                PastSets.replay("12h"),
                rows.classes(rows.before(judged), "late")
                        .bundle("arrival", List.of("punctual", "late")),
                """
                kind: Endpoint
                name: flights
                origin: replay
                window: 7d
                reference: first 120d
                truth-within: 1d
                model: flights/1
                """,
                PastSets.WEEK,
                1,
                judged,
                Instant.parse("2013-06-01T00:00:00Z"),
                rows.end(),
                "a third is late in June and July, an eighth in September",
                List.of("quality.surprise"),
                0);
    }

    private static Instant departs(Map<String, String> flight) {
        return YearMonth.of((int) number(flight, "year"), (int) number(flight, "month"))
                .atDay((int) number(flight, "day"))
                .atStartOfDay()
                .plusHours((long) number(flight, "hour"))
                .plusMinutes((long) number(flight, "minute"))
                .toInstant(ZoneOffset.UTC);
    }

    private static String hour(Map<String, String> row) {
        return String.join(
                " ", text(row, "origin"), text(row, "month"), text(row, "day"), text(row, "hour"));
    }

    private static boolean late(Map<String, String> flight) {
        return number(flight, "arr_delay") >= 15;
    }

    /// The share of each carrier's flights that were late in the first part.
    private static Map<String, Double> carriers(List<Map<String, String>> flights, Instant until) {
        var counts = new HashMap<String, double[]>();
        for (var each : flights) {
            if (!departs(each).isBefore(until)) break;
            var count = counts.computeIfAbsent(text(each, "carrier"), _ -> new double[2]);
            count[0] += late(each) ? 1 : 0;
            count[1]++;
        }
        var shares = new HashMap<String, Double>();
        counts.forEach((carrier, count) -> shares.put(carrier, count[0] / count[1]));
        return shares;
    }
}

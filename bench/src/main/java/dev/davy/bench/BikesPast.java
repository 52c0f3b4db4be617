package dev.davy.bench;

import static dev.davy.bench.PastRows.number;
import static dev.davy.bench.PastRows.text;

import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// How many bicycles are rented in an hour: in the second year two thirds more, at the same
/// weather.
final class BikesPast {
    private BikesPast() {}

    static PastSet set(PastSets sets) throws IOException {
        var given = List.of("holiday", "workingday", "weather", "temp", "humidity", "windspeed");
        var columns = new ArrayList<>(given);
        columns.addAll(List.of("hour_sin", "hour_cos", "hour_sin_2", "hour_cos_2"));
        var rows = new PastRows(columns);
        var month = YearMonth.of(2010, 12);
        int day = 0;
        int last = -1;
        for (var each :
                PastRows.read(sets.data().resolve("bike-sharing/bike_sharing_hourly.csv.gz"))) {
            int hour = (int) number(each, "hour");
            var now = YearMonth.of(2011 + (int) number(each, "year"), (int) number(each, "month"));
            // The table tells no day: another begins where the hours begin anew.
            if (!now.equals(month)) day = 1;
            else if (hour <= last) day++;
            month = now;
            last = hour;
            var values = new double[columns.size()];
            for (int i = 0; i < given.size(); i++) values[i] = number(each, given.get(i));
            double turn = 2 * Math.PI * hour / 24;
            values[given.size()] = Math.sin(turn);
            values[given.size() + 1] = Math.cos(turn);
            values[given.size() + 2] = Math.sin(2 * turn);
            values[given.size() + 3] = Math.cos(2 * turn);
            rows.add(
                    month.atDay(day).atTime(hour, 0).toInstant(ZoneOffset.UTC),
                    values,
                    text(each, "count"));
        }
        var judged = Instant.parse("2012-01-01T00:00:00Z");
        return new PastSet(
                "bicycles",
                "bikes",
                sets.table(rows, "bikes"),
                PastSets.replay("1h"),
                rows.number(rows.before(judged)).bundle("count", List.of()),
                """
                kind: Endpoint
                name: bikes
                origin: replay
                window: 7d
                reference: {from: "2011-01-01T00:00:00Z", to: "2012-01-01T00:00:00Z"}
                truth-within: 2h
                model: bikes/1
                """,
                PastSets.WEEK,
                1,
                judged,
                judged,
                rows.end(),
                "two thirds more are rented at the same weather",
                List.of("quality.count.mae"),
                0);
    }
}

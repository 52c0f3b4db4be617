package dev.davy.bench;

import static dev.davy.bench.PastRows.number;
import static dev.davy.bench.PastRows.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// The real tables in the order of time that lie beside the checkout.
///
/// @param data their folder
/// @param work where their files for the replay are written
record PastSets(Path data, Path work) {
    private static final Duration DAY = Duration.ofDays(1);
    static final Duration WEEK = Duration.ofDays(7);
    static final Instant MARKET_BEGINS = Instant.parse("1996-05-07T00:00:00Z");
    private static final Instant WEATHER_BEGINS = Instant.parse("1949-05-01T00:00:00Z");

    /// A set by its folder.
    enum Source {
        MARKET("elec2"),
        WEATHER("noaa-weather-bellevue"),
        HOTEL("hotel-bookings-monitored"),
        BIKES("bike-sharing"),
        FLIGHTS("nyc-flights-2013"),
        HOUSES("texas-housing");

        final String folder;

        Source(String folder) {
            this.folder = folder;
        }
    }

    boolean has(Source source) {
        return Files.isDirectory(data.resolve(source.folder));
    }

    PastSet set(Source source) throws IOException {
        return switch (source) {
            case MARKET -> market();
            case WEATHER -> weather();
            case HOTEL -> HotelPast.set(this);
            case BIKES -> BikesPast.set(this);
            case FLIGHTS -> FlightsPast.set(this);
            case HOUSES -> HousesPast.set(this);
        };
    }

    Path table(PastRows rows, String name) throws IOException {
        return rows.write(work.resolve(name + ".csv"));
    }

    static List<String> replay(String delay) {
        return List.of("--time", "time", "--truth", "truth", "--truth-delay", delay);
    }

    // ---- Elec2

    /// Will the price rise? Until row 17,424 the neighbour's columns are constant.
    private PastSet market() throws IOException {
        var columns = List.of("nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");
        var rows = new PastRows(columns);
        for (var each : PastRows.read(data.resolve("elec2/elec.csv.gz")))
            rows.add(
                    MARKET_BEGINS.plus(Duration.ofMinutes(30L * rows.size())),
                    columns.stream().mapToDouble(column -> number(each, column)).toArray(),
                    text(each, "class").equals("1") ? "rises" : "falls");
        var judged = MARKET_BEGINS.plus(Duration.ofDays(180));
        return new PastSet(
                "Elec2",
                "power",
                table(rows, "power"),
                replay("1h"),
                rows.classes(rows.before(judged), "rises")
                        .bundle("price", List.of("falls", "rises")),
                """
                kind: Endpoint
                name: power
                origin: replay
                window: 7d
                reference: first 180d
                truth-within: 2h
                model: power/1
                """,
                WEEK,
                1,
                judged,
                rows.at(17_424),
                rows.end(),
                "the neighbour joins the market",
                List.of("input.vicprice", "input.vicdemand", "input.transfer"),
                3);
    }

    // ---- NOAA

    static final int WEATHER_LEARNT = 3_285;

    /// The first of the two rows at which the sensor said 5,504 millibars.
    static final int WEATHER_BROKEN = 3_595;

    static Instant weatherDay(int row) {
        return WEATHER_BEGINS.plus(DAY.multipliedBy(row));
    }

    /// Will it rain? Fifty years, a row a day.
    private PastSet weather() throws IOException {
        var columns = IntStream.rangeClosed(1, 8).mapToObj(each -> "feat_" + each).toList();
        var rows = new PastRows(columns);
        for (var each : PastRows.read(data.resolve("noaa-weather-bellevue/weather.csv")))
            rows.add(
                    weatherDay(rows.size()),
                    columns.stream().mapToDouble(column -> number(each, column)).toArray(),
                    text(each, "target").equals("1") ? "rain" : "dry");
        return new PastSet(
                "NOAA",
                "rain",
                table(rows, "rain"),
                replay("1d"),
                rows.classes(WEATHER_LEARNT, "rain").bundle("sky", List.of("dry", "rain")),
                """
                kind: Endpoint
                name: rain
                origin: replay
                window: 30d
                reference: first %dd
                truth-within: 2d
                false-alarms: 1 per year
                model: rain/1
                """
                        .formatted(WEATHER_LEARNT),
                Duration.ofDays(30),
                30 / 365.0,
                weatherDay(WEATHER_LEARNT),
                weatherDay(WEATHER_BROKEN),
                rows.end(),
                "two values of 5,504 millibars",
                List.of("input.feat_3"),
                3);
    }
}

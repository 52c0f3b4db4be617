package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.monitoring.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A nearer or farther look at the windows of a page.
///
/// @param label such as `24 hours`
/// @param here whether it is what is shown
public record Zoom(String label, String href, boolean here) {
    private static final List<Integer> NEARER = List.of(24, 100);

    /// Windows before an alarm began, and after it was over, that are looked at with it.
    private static final int AROUND = 12;

    /// What a request asks to see; as much as there is where it says nothing.
    record Asked(Optional<Instant> from, Optional<Instant> to) {
        static Asked of(Request request) {
            return new Asked(request.time("from"), request.time("to"));
        }

        boolean isAll() {
            return from.isEmpty() && to.isEmpty();
        }

        /// As the end of an address.
        String query() {
            var query = new StringBuilder();
            from.ifPresent(at -> query.append("&from=").append(at));
            to.ifPresent(at -> query.append("&to=").append(at));
            return query.toString();
        }
    }

    /// The looks that a page offers.
    ///
    /// @param address of the page, with a question mark and what it was asked but for the time
    /// @param end of what there is
    static List<Zoom> of(String address, Asked asked, Duration window, Instant end) {
        var looks = new ArrayList<Zoom>();
        looks.add(new Zoom("all", address.replaceAll("\\?$", ""), asked.isAll()));
        for (int windows : NEARER.reversed()) {
            var from = end.minus(window.multipliedBy(windows));
            looks.add(
                    new Zoom(
                            said(window.multipliedBy(windows)),
                            address + "&from=" + from + "&to=" + end,
                            asked.from().equals(Optional.of(from))
                                    && asked.to().equals(Optional.of(end))));
        }
        if (!asked.isAll() && looks.stream().noneMatch(Zoom::here))
            looks.add(
                    new Zoom(
                            asked.from().map(Figures::time).orElse("the beginning")
                                    + " to "
                                    + asked.to().map(Figures::time).orElse("now"),
                            address + asked.query(),
                            true));
        return looks;
    }

    /// The end of an address that looks at the time around an alarm.
    static String around(Alarm alarm, Duration window) {
        var before = window.multipliedBy(AROUND);
        return "&from=" + alarm.since().minus(before) + "&to=" + alarm.until().plus(before);
    }

    private static String said(Duration length) {
        if (length.toHours() % 24 == 0) return Figures.of(length.toDays(), "day");
        return length.toSeconds() % 3_600 == 0
                ? Figures.of(length.toHours(), "hour")
                : Figures.of(length.toMinutes(), "minute");
    }
}

package dev.davy.server;

import dev.davy.runtime.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Visits to a real web site, and where most people go next.
final class WebVisits {
    private static final String UNKNOWN = "unknown";

    private WebVisits() {}

    /// Visits of one user: the area before the last, where there was one, and the last.
    record Visit(@Nullable String before, String last) {}

    static List<Visit> visits(String file) throws IOException {
        var path = SharedData.folder("msweb").resolve(file);
        var users = new LinkedHashMap<String, List<String>>();
        try (InputStream plain = Files.newInputStream(path);
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        file.endsWith(".gz") ? new GZIPInputStream(plain) : plain,
                                        StandardCharsets.UTF_8))) {
            lines.readLine();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var cells = List.of(line.split(",", -1));
                users.computeIfAbsent(cells.get(0), any -> new ArrayList<>()).add(cells.get(2));
            }
        }
        return users.values().stream()
                .map(areas ->
                        new Visit(
                                areas.size() > 1 ? areas.get(areas.size() - 2) : null,
                                areas.getLast()))
                .toList();
    }

    /// For each area the one that most went to next; for nobody's, where most go.
    static Map<String, String> next(List<Visit> visits) {
        var counts = new TreeMap<String, Map<String, Integer>>();
        for (var visit : visits)
            counts.computeIfAbsent(
                            visit.before() == null ? UNKNOWN : visit.before(),
                            any -> new HashMap<>())
                    .merge(visit.last(), 1, Integer::sum);
        var next = new TreeMap<String, String>();
        counts.forEach((area, to) ->
                next.put(
                        area,
                        to.entrySet().stream()
                                .max(
                                        Map.Entry.<String, Integer>comparingByValue()
                                                .thenComparing(
                                                        Map.Entry.comparingByKey(
                                                                Comparator.reverseOrder())))
                                .orElseThrow()
                                .getKey()));
        return next;
    }
}

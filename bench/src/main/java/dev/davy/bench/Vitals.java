package dev.davy.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What a server takes of its machine, looked at again and again: memory, open files, threads, and
/// bytes on disk by folder.
final class Vitals {
    private static final String OTHER = "others";

    private final Path data;
    private final List<Look> looks = new ArrayList<>();

    Vitals(Path data) {
        this.data = data;
    }

    /// @param minutes since it all began
    /// @param life which start of the server this was
    /// @param diskMegabytes by the data folder's folders
    record Look(
            double minutes,
            int life,
            double residentMegabytes,
            int openFiles,
            int threads,
            Map<String, Double> diskMegabytes) {
        Look {
            diskMegabytes = Map.copyOf(diskMegabytes);
        }

        double disk(String folder) {
            return diskMegabytes.getOrDefault(folder, 0.0);
        }

        double diskOfAll() {
            return diskMegabytes.values().stream().mapToDouble(each -> each).sum();
        }
    }

    /// A look at a server that is there all along; none where it ended meanwhile.
    synchronized void look(double minutes, int life, ServerProcess server) throws IOException {
        try {
            looks.add(
                    new Look(
                            minutes,
                            life,
                            server.residentMegabytes(),
                            server.openFiles(),
                            server.threadCount(),
                            disk()));
        } catch (IOException | RuntimeException ended) {
            if (server.isAlive()) throw ended;
        }
    }

    private Map<String, Double> disk() throws IOException {
        var megabytes = new TreeMap<String, Double>();
        Files.walkFileTree(
                data,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                        var within = data.relativize(file);
                        var folder =
                                within.getNameCount() > 1 || file.endsWith("state.db")
                                        ? within.getName(0).toString()
                                        : OTHER;
                        megabytes.merge(folder, about.size() / 1e6, Double::sum);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException deleted) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return megabytes;
    }

    /// Those of one life, without its first fifth, in which a server warms up.
    private synchronized List<Look> warm(int life) {
        var all = looks.stream().filter(each -> each.life() == life).toList();
        return all.subList(all.size() / 5, all.size());
    }

    /// The median of the first quarter of a life, and of its last; NaN where there are too few.
    record Growth(double first, double last) {
        double factor() {
            return last / first;
        }
    }

    Growth growth(int life, ToDoubleFunction<Look> of) {
        var all = warm(life);
        int quarter = all.size() / 4;
        return new Growth(
                median(all.subList(0, quarter), of),
                median(all.subList(all.size() - quarter, all.size()), of));
    }

    private static double median(List<Look> looks, ToDoubleFunction<Look> of) {
        double[] sorted = looks.stream().mapToDouble(of).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    synchronized double mostResident() {
        return looks.stream().mapToDouble(Look::residentMegabytes).max().orElse(Double.NaN);
    }

    /// So many looks, evenly over the time.
    synchronized Table table(int rows) {
        var folders = new TreeMap<String, Double>();
        for (var each : looks)
            each.diskMegabytes().forEach((folder, size) -> folders.merge(folder, size, Math::max));
        // What never came to a tenth of a megabyte is nobody's worry.
        folders.values().removeIf(most -> most < 0.1);
        var heads = new ArrayList<>(List.of("minute", "start", "resident MB", "files", "threads"));
        for (var folder : folders.keySet()) heads.add(folder + " MB");
        var table = new Table(heads.toArray(String[]::new));
        for (int at : chosen(looks.size(), rows)) {
            var look = looks.get(at);
            var cells = new ArrayList<Object>();
            cells.add("%.1f".formatted(look.minutes()));
            cells.add(look.life());
            cells.add(look.residentMegabytes());
            cells.add(look.openFiles());
            cells.add(look.threads());
            for (var folder : folders.keySet()) cells.add(look.disk(folder));
            table.row(cells.toArray());
        }
        return table;
    }

    private static int[] chosen(int of, int rows) {
        if (of <= rows) {
            var all = new int[of];
            Arrays.setAll(all, i -> i);
            return all;
        }
        var some = new int[rows];
        Arrays.setAll(some, i -> (int) ((long) i * (of - 1) / (rows - 1)));
        return some;
    }
}

package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Who earns more than 50,000 (data set Adult): logistic regression on eight numbers of a person,
/// learnt from the official training part.
final class IncomeModel {
    static final List<String> CLASSES = List.of("<=50K", ">50K");
    private static final List<String> COLUMNS =
            List.of("age", "education", "gain", "loss", "hours", "married", "male", "professional");
    private final LinearModel model;

    /// @param earnsMore the truth
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Person(double[] values, boolean earnsMore) {
        String truth() {
            return CLASSES.get(earnsMore ? 1 : 0);
        }

        /// By column.
        Map<String, Double> row() {
            var row = new LinkedHashMap<String, Double>();
            for (int i = 0; i < COLUMNS.size(); i++) row.put(COLUMNS.get(i), values[i]);
            return row;
        }
    }

    static List<Person> people(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            var people = new ArrayList<Person>();
            for (var line : lines.subList(1, lines.size())) people.add(person(line.split(",", -1)));
            return people;
        }
    }

    private static Person person(String[] cells) {
        double age = Double.parseDouble(cells[0]);
        return new Person(
                new double[] {
                    // Income rises until fifty and falls again.
                    -Math.abs(age - 50),
                    Double.parseDouble(cells[4]),
                    Math.log1p(Double.parseDouble(cells[10])),
                    Math.log1p(Double.parseDouble(cells[11])),
                    Double.parseDouble(cells[12]),
                    cells[5].startsWith("Married-civ") ? 1 : 0,
                    cells[9].equals("Male") ? 1 : 0,
                    cells[6].equals("Exec-managerial") || cells[6].equals("Prof-specialty") ? 1 : 0
                },
                cells[14].startsWith(">50K"));
    }

    IncomeModel(List<Person> known) {
        model =
                LinearModel.logistic(
                        COLUMNS,
                        known.stream().map(Person::values).toList(),
                        known.stream().mapToDouble(each -> each.earnsMore() ? 1 : 0).toArray());
    }

    Map<String, byte[]> bundle() {
        return model.bundle("income", CLASSES.stream().map(each -> '"' + each + '"').toList());
    }
}

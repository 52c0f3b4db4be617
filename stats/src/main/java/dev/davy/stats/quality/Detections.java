package dev.davy.stats.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which predicted boxes met a true one, per class: average precision and its mean over classes.
///
/// Within an image and a class, predictions are taken from the surest down; each takes the true box
/// that it overlaps most among those not yet taken, if by at least the threshold (Lin et al. 2014,
/// COCO). Intervals draw boxes as if they were independent: with many boxes an image they are too
/// narrow.
///
/// @param iouMin the least overlap that counts as met: 0.5
/// @param classes by name
public record Detections(double iouMin, SortedMap<String, PerClass> classes) {
    /// How a precision is read off between two recalls.
    public enum Interpolation {
        /// The area under the best precision at each recall or above (PASCAL VOC from 2010 on).
        ALL_POINTS,
        /// The mean of that at recalls 0, 0.01, …, 1 (COCO).
        COCO_101
    }

    /// @param scores met counts as positive, not met as negative
    /// @param truths how many true boxes there are
    public record PerClass(Scores scores, Cell truths) {
        PerClass merge(PerClass that) {
            return new PerClass(scores.merge(that.scores), truths.merge(that.truths));
        }
    }

    /// @param score finite, higher is surer
    public record Predicted(Box box, String name, double score) {}

    public record True(Box box, String name) {}

    public Detections {
        if (!(iouMin > 0 && iouMin <= 1))
            throw new IllegalArgumentException("iouMin is " + iouMin + "; above 0, at most 1");
        classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
    }

    /// Of no image.
    public static Detections none(double iouMin) {
        return new Detections(iouMin, new TreeMap<>());
    }

    /// One image.
    public static Detections of(
            Collection<True> truths,
            Collection<Predicted> predicted,
            double weight,
            double iouMin) {
        var counts = new TreeMap<String, Cell>();
        for (var each : truths)
            counts.merge(each.name(), Cell.NONE.plus(weight), (a, _) -> a.plus(weight));
        var scores = new TreeMap<String, Scores.Builder>();
        var free = new ArrayList<>(truths);
        for (var each :
                predicted.stream()
                        .sorted(Comparator.comparingDouble(Predicted::score).reversed())
                        .toList()) {
            int best = -1;
            double most = iouMin;
            for (int i = 0; i < free.size(); i++) {
                double overlap =
                        free.get(i).name().equals(each.name())
                                ? free.get(i).box().iou(each.box())
                                : -1;
                if (overlap > most || overlap == most && best < 0) {
                    best = i;
                    most = overlap;
                }
            }
            if (best >= 0) free.remove(best);
            scores.computeIfAbsent(each.name(), _ -> new Scores.Builder())
                    .add(each.score(), best >= 0, weight);
        }
        var classes = new TreeMap<String, PerClass>();
        scores.forEach((name, found) -> classes.put(name, new PerClass(found.build(), Cell.NONE)));
        counts.forEach((name, cell) ->
                classes.merge(name, new PerClass(Scores.NONE, cell), PerClass::merge));
        return new Detections(iouMin, classes);
    }

    public Detections merge(Detections that) {
        if (iouMin != that.iouMin)
            throw new IllegalArgumentException("iouMin is " + iouMin + " and " + that.iouMin);
        var both = new TreeMap<>(classes);
        that.classes.forEach((name, each) -> both.merge(name, each, PerClass::merge));
        return new Detections(iouMin, both);
    }

    /// Per class; not defined for one that was never true.
    public SortedMap<String, Figure> averagePrecision(Interpolation how, Bootstrap bootstrap) {
        var figures = new TreeMap<String, Figure>();
        classes.forEach((name, each) -> {
            var definition =
                    "area under precision over recall at IoU %s, %s".formatted(iouMin, how);
            double value = area(each, how, null);
            figures.put(
                    name,
                    Figure.of(
                            "average_precision",
                            value,
                            bootstrap.interval(random -> area(each, how, random)),
                            each.truths.count(),
                            definition));
        });
        return figures;
    }

    /// The mean over the classes that were true.
    public Figure meanAveragePrecision(Interpolation how, Bootstrap bootstrap) {
        long count = 0;
        for (var each : classes.values()) count += each.truths.count();
        return Figure.of(
                "map",
                mean(how, null),
                bootstrap.interval(random -> mean(how, random)),
                count,
                "mean average precision over classes at IoU %s, %s".formatted(iouMin, how));
    }

    private double mean(Interpolation how, @Nullable RandomGenerator random) {
        double sum = 0;
        int defined = 0;
        for (var each : classes.values()) {
            double area = area(each, how, random);
            if (Double.isNaN(area)) continue;
            sum += area;
            defined++;
        }
        return sum / defined;
    }

    private static double area(PerClass each, Interpolation how, @Nullable RandomGenerator random) {
        double missed = Math.max(0, each.truths.weight() - each.scores.positives().weight());
        var recall = new ArrayList<Double>();
        var precision = new ArrayList<Double>();
        double found = 0;
        double wrong = 0;
        for (var range : each.scores.ranges().reversed()) {
            found +=
                    random == null ? range.positives().weight() : range.positives().redrawn(random);
            wrong +=
                    random == null ? range.negatives().weight() : range.negatives().redrawn(random);
            recall.add(found);
            precision.add(found + wrong == 0 ? 0 : found / (found + wrong));
        }
        double all = found + missed;
        if (all == 0) return Double.NaN;
        for (int i = precision.size() - 2; i >= 0; i--)
            precision.set(i, Math.max(precision.get(i), precision.get(i + 1)));
        return switch (how) {
            case ALL_POINTS -> {
                double area = 0;
                double before = 0;
                for (int i = 0; i < recall.size(); i++) {
                    area += (recall.get(i) - before) / all * precision.get(i);
                    before = recall.get(i);
                }
                yield area;
            }
            case COCO_101 -> {
                double sum = 0;
                for (int at = 0, i = 0; at <= 100; at++) {
                    while (i < recall.size() && recall.get(i) / all < at / 100.0) i++;
                    if (i < recall.size()) sum += precision.get(i);
                }
                yield sum / 101;
            }
        };
    }

    /// The largest overlap of each true box with a predicted one of its class, averaged; 0 for one
    /// that nothing overlaps.
    public static List<Double> overlaps(Collection<True> truths, Collection<Predicted> predicted) {
        return truths.stream()
                .map(each ->
                        predicted.stream()
                                .filter(other -> other.name().equals(each.name()))
                                .mapToDouble(other -> other.box().iou(each.box()))
                                .max()
                                .orElse(0))
                .toList();
    }
}

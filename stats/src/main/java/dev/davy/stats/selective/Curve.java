package dev.davy.stats.selective;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Proportion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What each threshold would do: the share that the model would decide alone, and its risk.
///
/// The interval of each point is its own (Clopper and Pearson 1934): of twenty points one may lie
/// outside by chance. A threshold is chosen by [RiskControl], not by looking for the best point.
///
/// @param points from the surest down
public record Curve(List<Point> points) {
    public Curve {
        points = List.copyOf(points);
    }

    /// One threshold.
    ///
    /// @param threshold itself included; 0 for everything
    /// @param alone share of all cases that reach it
    /// @param cases that the risk is a share of
    /// @param counted how many of them are what the risk counts
    public record Point(
            double threshold, double alone, long cases, long counted, Interval interval) {
        public double risk() {
            return (double) counted / cases;
        }
    }

    /// @param cases in which each is as likely
    /// @param most points; fewer where many confidences are equal
    public static Curve of(Risk risk, Collection<Checked> cases, int most, double confidence) {
        var sorted = Sorted.of(cases, risk);
        long ofClass =
                switch (risk) {
                    case Risk.Wrong _ -> 0;
                    case Risk.Missed(var of, _) ->
                            cases.stream().filter(each -> each.reference().equals(of)).count();
                };
        var points = new ArrayList<Point>();
        int before = 0;
        for (int i = 1; i <= most; i++) {
            int above = sorted.above((int) ((long) sorted.size() * i / most));
            if (above == before) continue;
            before = above;
            long of = risk instanceof Risk.Wrong ? above : ofClass;
            if (of == 0) continue;
            int counted = sorted.counted(above);
            points.add(
                    new Point(
                            sorted.threshold(above),
                            (double) above / sorted.size(),
                            of,
                            counted,
                            Proportion.clopperPearson(counted, (double) of, confidence)));
        }
        return new Curve(points);
    }
}

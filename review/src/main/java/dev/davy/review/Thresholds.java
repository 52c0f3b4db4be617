package dev.davy.review;

import dev.davy.stats.selective.Checked;
import dev.davy.stats.selective.Curve;
import dev.davy.stats.selective.RiskControl;
import dev.davy.stats.selective.Thinning;
import java.util.ArrayList;
import java.util.List;

/// Chooses thresholds from reviewed cases of one version and slice.
public final class Thresholds {
    private static final double CONFIDENCE = 0.95;

    private Thresholds() {}

    public static Threshold choose(List<Case> cases, Target target, double certainty) {
        var sample = sample(cases);
        return new Threshold(
                target,
                certainty,
                RiskControl.choose(target.risk(), sample, certainty),
                cases.stream().filter(Thresholds::tells).count(),
                sample.size());
    }

    /// What each threshold would do.
    ///
    /// @param points at most
    public static Curve curve(List<Case> cases, Target target, int points) {
        return Curve.of(target.risk(), sample(cases), points, CONFIDENCE);
    }

    private static boolean tells(Case of) {
        return of.answer().isPresent()
                && of.reference().isPresent()
                && of.confidence().isPresent()
                && !Double.isNaN(of.confidence().getAsDouble());
    }

    private static List<Checked> sample(List<Case> cases) {
        var sample = new ArrayList<Checked>();
        for (var each : cases)
            if (tells(each) && Thinning.keeps(each.prediction(), each.asked(), each.least()))
                sample.add(
                        new Checked(
                                // What claims more than certainty is above all thresholds.
                                Math.clamp(each.confidence().orElseThrow(), 0, 1),
                                each.answer().orElseThrow(),
                                each.reference().orElseThrow()));
        return sample;
    }
}

package dev.davy.bench;

/// What rollout tools do: after each interval of so many candidate requests the difference of the
/// two error rates in that interval is held against a fixed threshold. Computed, not simulated.
///
/// @param interval candidate requests
/// @param share of the candidate
record FixedThreshold(int interval, double share) {
    /// The threshold with which it errs as often as another rule over a horizon.
    ///
    /// @param falseAlarms the probability of at least one up to the horizon
    /// @param horizon candidate requests
    double tuned(double base, double margin, double falseAlarms, int horizon) {
        // The intervals are independent of each other.
        double each = 1 - Math.pow(1 - falseAlarms, (double) interval / horizon);
        var candidate = probabilities(interval, base + margin);
        var live = probabilities(live(), base);
        double low = -1;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (exceeds(candidate, live, middle) > each) low = middle;
            else high = middle;
        }
        return high;
    }

    /// Candidate requests until it finds a harm, on average.
    double needed(double base, double harm, double threshold) {
        var candidate = probabilities(interval, base + harm);
        return interval / exceeds(candidate, probabilities(live(), base), threshold);
    }

    private int live() {
        return (int) Math.round(interval * (1 - share) / share);
    }

    /// With which probability the difference of the rates is above a threshold.
    private double exceeds(double[] candidate, double[] live, double threshold) {
        double above = 0;
        double atMost = 0;
        int errors = 0;
        for (int i = 0; i < candidate.length; i++) {
            double limit = ((double) i / interval - threshold) * live();
            while (errors < live.length && errors < limit) atMost += live[errors++];
            above += candidate[i] * atMost;
        }
        return Math.min(1, above);
    }

    /// Of 0, 1, 2 … errors, as far as they can be told from 0.
    private static double[] probabilities(int requests, double rate) {
        double mean = requests * rate;
        int most = (int) Math.min(requests, Math.ceil(mean + 12 * Math.sqrt(mean) + 40));
        var found = new double[most + 1];
        double log = requests * Math.log1p(-rate);
        for (int i = 0; i <= most; i++) {
            found[i] = Math.exp(log);
            log += Math.log((double) (requests - i) / (i + 1)) + Math.log(rate / (1 - rate));
        }
        return found;
    }
}

package dev.davy.bench;

import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import dev.davy.stats.sequential.Units;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/// Traffic that is split over two arms, as it is known at each look.
///
/// @param name how the table calls it
/// @param margin of harm, per request
/// @param most requests counted of a unit
/// @param looks one run: what is known at each look, where the candidate has a harm
record SplitTraffic(String name, double margin, int most, Looks looks) {
    interface Looks {
        /// @param harm added to each request's probability of an error on the candidate
        /// @param eye returns whether it has seen enough
        void run(RandomGenerator random, double harm, Function<Look, Boolean> eye);
    }

    /// @param stretches what is new since the look before, or all if the past is seen anew
    /// @param anew whether what was known of earlier stretches has changed
    /// @param requests of the last stretch, all of them
    record Look(List<Stretch> stretches, boolean anew, Requests requests) {}

    /// Of one stretch, whoever they came from.
    record Requests(int live, int liveErrors, int candidate, int candidateErrors) {
        static final Requests NONE = new Requests(0, 0, 0, 0);
    }

    static final List<Double> RAMP = List.of(0.01, 0.05, 0.1, 0.25, 0.5);

    /// Each request is an entity of its own.
    static SplitTraffic independent(String name, double rate, double share, double margin) {
        int horizon = (int) Math.min(1_000_000, 10_000 / rate);
        return new SplitTraffic(
                name,
                margin,
                1,
                (random, harm, eye) -> {
                    if (eye.apply(before(random, rate))) return;
                    for (int seen = 0; seen < horizon; ) {
                        int candidate = Math.max(Math.max(10, (int) (0.03 / rate)), seen / 40);
                        if (eye.apply(look(random, share, candidate, rate, rate + harm))) return;
                        seen += candidate;
                    }
                });
    }

    /// A ramp, while the base rate does what it does.
    ///
    /// @param rate at each of 2,000 moments
    static SplitTraffic drifting(String name, IntToDoubleFunction rate) {
        return new SplitTraffic(
                name,
                0.005,
                1,
                (random, harm, eye) -> {
                    if (eye.apply(before(random, rate.applyAsDouble(0)))) return;
                    for (int moment = 0; moment < 2_000; moment++) {
                        double share = RAMP.get(moment / 400);
                        double base = rate.applyAsDouble(moment);
                        int candidate = Chance.binomial(random, 1_000, share);
                        if (eye.apply(look(random, share, candidate, 1_000, base, base + harm)))
                            return;
                    }
                });
    }

    private static Look before(RandomGenerator random, double rate) {
        int errors = Chance.binomial(random, 20_000, rate);
        return new Look(
                List.of(Stretch.mature(0, Tally.ofRequests(20_000, errors), Tally.NONE)),
                false,
                Requests.NONE);
    }

    private static Look look(
            RandomGenerator random, double share, int candidate, double base, double harmed) {
        return look(random, share, candidate, (int) Math.round(candidate / share), base, harmed);
    }

    private static Look look(
            RandomGenerator random,
            double share,
            int candidate,
            int all,
            double base,
            double harmed) {
        int live = all - candidate;
        int errors = Chance.binomial(random, live, base);
        int candidateErrors = Chance.binomial(random, candidate, Math.min(1, harmed));
        return new Look(
                List.of(
                        Stretch.mature(
                                share,
                                Tally.ofRequests(live, errors),
                                Tally.ofRequests(candidate, candidateErrors))),
                false,
                new Requests(live, errors, candidate, candidateErrors));
    }

    /// Entities that come again, with rates of their own, through a ramp.
    ///
    /// @param shares of the steps
    /// @param requests in all
    static SplitTraffic entities(
            String name,
            double margin,
            int requests,
            List<Double> shares,
            Function<RandomGenerator, Keys> keys) {
        return new SplitTraffic(
                name,
                margin,
                Units.MOST,
                (random, harm, eye) -> {
                    var people = keys.apply(random);
                    int aStep = requests / (shares.size() + 1);
                    if (oneStep(random, people, 0, harm, aStep, eye)) return;
                    for (double share : shares) {
                        if (oneStep(random, people, share, harm, aStep, eye)) return;
                    }
                });
    }

    private static boolean oneStep(
            RandomGenerator random,
            Keys people,
            double share,
            double harm,
            int requests,
            Function<Look, Boolean> eye) {
        int looks = 20;
        var counted = new HashMap<Integer, Integer>();
        for (int look = 0; look < looks; look++) {
            // A unit closes with its stretch; an entity that comes again in the same step is new
            // only
            // as long as fewer than the most were counted of it.
            var units = new Units(Units.MOST, Integer.MAX_VALUE);
            var all = new int[4];
            for (int i = 0; i < requests / looks; i++) {
                int key = people.next(random);
                boolean candidate = people.onCandidate(key, share);
                double rate = people.rate(key) + (candidate ? harm : 0);
                boolean error = random.nextDouble() < rate;
                all[candidate ? 2 : 0]++;
                if (error) all[candidate ? 3 : 1]++;
                if (counted.merge(key, 1, Integer::sum) > Units.MOST) continue;
                units.asked(key, candidate);
                if (error) units.harmed(key, 1);
            }
            if (eye.apply(
                    new Look(
                            List.of(units.stretch(share, true)),
                            false,
                            new Requests(all[0], all[1], all[2], all[3])))) return true;
        }
        return false;
    }

    /// Errors become known late, after so many days on average, the others at once; a day is a
    /// stretch, and mature when most of its errors are known.
    static SplitTraffic delayed(String name, double meanDays, int matureAfterDays) {
        double rate = 0.02;
        return new SplitTraffic(
                name,
                0.01,
                1,
                (random, harm, eye) -> {
                    var made = new ArrayList<Look>();
                    var known = new ArrayList<double[]>();
                    for (int day = 0; day < 40; day++) {
                        double share = day == 0 ? 0 : RAMP.get(Math.min(4, day / 8));
                        int candidate = Chance.binomial(random, 5_000, share);
                        made.add(look(random, share, candidate, 5_000, rate, rate + harm));
                        known.add(new double[2]);
                        if (eye.apply(knownOn(random, day, made, known, meanDays, matureAfterDays)))
                            return;
                    }
                });
    }

    private static Look knownOn(
            RandomGenerator random,
            int day,
            List<Look> made,
            List<double[]> known,
            double meanDays,
            int matureAfterDays) {
        // Of the errors that are not known yet, each day the same share becomes known.
        double daily = 1 - Math.exp(-1 / meanDays);
        var stretches = new ArrayList<Stretch>();
        for (int i = 0; i <= day; i++) {
            var all = made.get(i).requests();
            var errors = known.get(i);
            boolean open = day - i <= matureAfterDays;
            if (i == 0) {
                stretches.addAll(made.getFirst().stretches());
                continue;
            }
            if (open) {
                errors[0] += Chance.binomial(random, all.liveErrors() - (int) errors[0], daily);
                errors[1] +=
                        Chance.binomial(random, all.candidateErrors() - (int) errors[1], daily);
            }
            double share = RAMP.get(Math.min(4, i / 8));
            stretches.add(
                    new Stretch(
                            share,
                            Tally.ofRequests(all.live(), (long) errors[0]),
                            Tally.ofRequests(all.candidate(), (long) errors[1]),
                            !open));
        }
        return new Look(stretches, true, made.getLast().requests());
    }
}

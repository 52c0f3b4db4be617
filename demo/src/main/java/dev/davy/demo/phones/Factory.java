package dev.davy.demo.phones;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Makes phones. The same number of the same factory is always the same phone.
///
/// @param seed another seed is another factory
public record Factory(long seed) {
    /// The lines, in the order in which phones leave them.
    public static final List<String> LINES = List.of("A1", "A2", "B1");

    private static final List<Make> MAKES = List.of(Make.values());
    private static final List<Finish> FINISHES = List.of(Finish.values());

    // How far from the edge of the glass a scratch's middle stays, in pixels.
    private static final double MARGIN = 6;

    /// The phone with this number, 0 the first.
    public Phone phone(long number, Conditions conditions) {
        // Random, not a faster one: what it answers is written down for all versions of Java.
        var random = new Random(mixed(seed * 1_000_003 + number));
        int line = random.nextInt(LINES.size());
        var make = MAKES.get(random.nextInt(MAKES.size()));
        var finish = FINISHES.get(random.nextInt(FINISHES.size()));
        var scratches = new ArrayList<Scratch>();
        if (random.nextDouble() < conditions.scratched()) scratches(random, make, scratches);
        return new Phone(
                "%s-%03d-%06d".formatted(LINES.get(line), Math.floorMod(seed, 1_000), number),
                LINES.get(line),
                make,
                finish,
                scratches,
                random.nextLong());
    }

    private static void scratches(RandomGenerator random, Make make, List<Scratch> found) {
        var depth = depth(random);
        var first = scratch(random, make, depth);
        found.add(first);
        // A key in the same pocket leaves more than one mark.
        if (random.nextDouble() < 0.2) {
            double beside = between(random, 2, 5);
            found.add(
                    new Scratch(
                            depth,
                            first.x() - Math.sin(first.angle()) * beside,
                            first.y() + Math.cos(first.angle()) * beside,
                            first.angle() + between(random, -0.1, 0.1),
                            first.length() * between(random, 0.4, 0.9),
                            first.bend(),
                            first.width() * between(random, 0.7, 1),
                            first.strength() * between(random, 0.6, 1)));
        }
    }

    private static Depth depth(RandomGenerator random) {
        double at = random.nextDouble();
        for (var depth : Depth.values()) {
            at -= depth.share;
            if (at < 0) return depth;
        }
        return Depth.CLEAR;
    }

    private static Scratch scratch(RandomGenerator random, Make make, Depth depth) {
        double length = between(random, 11, 40);
        return new Scratch(
                depth,
                between(random, -make.width / 2 + MARGIN, make.width / 2 - MARGIN),
                between(random, -make.height / 2 + MARGIN + 4, make.height / 2 - MARGIN - 4),
                between(random, 0, Math.PI),
                length,
                between(random, -0.14, 0.14) * length,
                between(random, depth.narrowest, depth.widest),
                between(random, depth.weakest, depth.strongest));
    }

    static double between(RandomGenerator random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /// Neighbouring numbers must not be similar phones (Steele, Lea and Flood 2014, mix64).
    private static long mixed(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

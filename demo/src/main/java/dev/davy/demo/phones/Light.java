package dev.davy.demo.phones;

import static dev.davy.demo.phones.Factory.between;

import java.util.random.RandomGenerator;

/// How much light falls where in one photo, 1 where all is as it was set up.
///
/// @param level in the middle
/// @param slopeX more to the right by this part from edge to edge
/// @param slopeY more below by this part from edge to edge
/// @param vignette less by this part in the corners, where a lens is darker
record Light(double level, double slopeX, double slopeY, double vignette) {

    /// Lamps flicker a little, and no two lines were lit alike.
    static Light falling(RandomGenerator random, String line, double lamps) {
        double own = 1 + 0.05 * (Factory.LINES.indexOf(line) - 1);
        return new Light(
                lamps * own * between(random, 0.92, 1.08),
                0.10 * (Factory.LINES.indexOf(line) - 1) + between(random, -0.06, 0.06),
                between(random, -0.08, 0.08),
                between(random, 0.10, 0.22));
    }

    double at(int x, int y) {
        double right = x / (Camera.WIDTH - 1.0) - 0.5;
        double below = y / (Camera.HEIGHT - 1.0) - 0.5;
        double corner = 2 * (right * right + below * below);
        return level * (1 + slopeX * right + slopeY * below) * (1 - vignette * corner);
    }
}

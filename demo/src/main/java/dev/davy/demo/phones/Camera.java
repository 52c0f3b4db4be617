package dev.davy.demo.phones;

import static dev.davy.demo.phones.Factory.between;

import java.awt.image.BufferedImage;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Takes photos: what is drawn, seen through a lens, in the light there is, by a sensor with noise.
public final class Camera {
    /// Of a photo, in pixels.
    public static final int WIDTH = 96;

    public static final int HEIGHT = 96;

    /// So many drawn pixels become one of the photo, in each direction.
    static final int FINER = 3;

    private Camera() {}

    /// The same phone under the same conditions is the same photo, to the bit.
    public static Photo photo(Phone phone, Conditions conditions) {
        var random = new Random(phone.grain());
        var scene = new Scene(random, phone, conditions).drawn();
        var seen = blurred(averaged(scene), between(random, 0.02, 0.10));
        var field = Light.falling(random, phone.line(), conditions.light());
        return exposed(random, seen, field, conditions.noise());
    }

    private static float[] averaged(BufferedImage scene) {
        var drawn = scene.getRGB(0, 0, WIDTH * FINER, HEIGHT * FINER, null, 0, WIDTH * FINER);
        var mean = new float[WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT * FINER; y++)
            for (int x = 0; x < WIDTH * FINER; x++)
                mean[y / FINER * WIDTH + x / FINER] +=
                        (drawn[y * WIDTH * FINER + x] & 0xFF) / (float) (FINER * FINER);
        return mean;
    }

    /// Each pixel gives this part of its light to each of its four neighbours.
    private static float[] blurred(float[] sharp, double part) {
        var blurred = new float[sharp.length];
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                float around =
                        at(sharp, x - 1, y)
                                + at(sharp, x + 1, y)
                                + at(sharp, x, y - 1)
                                + at(sharp, x, y + 1);
                blurred[y * WIDTH + x] = (float) ((1 - 4 * part) * at(sharp, x, y) + part * around);
            }
        return blurred;
    }

    private static float at(float[] pixels, int x, int y) {
        return pixels[Math.clamp(y, 0, HEIGHT - 1) * WIDTH + Math.clamp(x, 0, WIDTH - 1)];
    }

    private static Photo exposed(RandomGenerator random, float[] seen, Light light, double noise) {
        var grey = new byte[WIDTH * HEIGHT];
        double floor = between(random, 0.8, 1.6) * noise;
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                double value = seen[y * WIDTH + x] * light.at(x, y);
                // The sensor's own noise, and that of the photons, which grows with the root.
                double deviation = floor + 0.14 * noise * Math.sqrt(value);
                value += random.nextGaussian() * deviation;
                grey[y * WIDTH + x] = (byte) Math.clamp(Math.round(value), 0, 255);
            }
        return new Photo(WIDTH, HEIGHT, grey);
    }
}

package dev.davy.demo.phones;

import static dev.davy.demo.phones.Factory.between;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/// What lies under the camera: the belt, a phone on it, and what lies on the phone. Drawn in pixels
/// of the photo, [Camera#FINER] times finer.
final class Scene {
    private final RandomGenerator random;
    private final Phone phone;
    private final Conditions conditions;
    private final BufferedImage image;
    private final Graphics2D pen;

    Scene(RandomGenerator random, Phone phone, Conditions conditions) {
        this.random = random;
        this.phone = phone;
        this.conditions = conditions;
        // Not TYPE_BYTE_GRAY, whose grey is linear in light: mid-tones would come out too dark.
        image =
                new BufferedImage(
                        Camera.WIDTH * Camera.FINER,
                        Camera.HEIGHT * Camera.FINER,
                        BufferedImage.TYPE_INT_RGB);
        pen = image.createGraphics();
    }

    BufferedImage drawn() {
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.scale(Camera.FINER, Camera.FINER);
        try {
            belt();
            pen.translate(
                    Camera.WIDTH / 2.0 + between(random, -2.5, 2.5),
                    Camera.HEIGHT / 2.0 + between(random, -2.5, 2.5));
            pen.rotate(Math.toRadians(between(random, -4, 4)));
            double near = between(random, 0.97, 1.03);
            pen.scale(near, near);
            shadow();
            body();
            var glass = glass();
            pen.clip(glass);
            reflections();
            front();
            Marks.smudges(pen, random, phone.make(), conditions.smudges());
            Marks.dust(pen, random, phone.make(), conditions.dust());
            for (var scratch : phone.scratches()) Marks.scratch(pen, random, scratch);
        } finally {
            pen.dispose();
        }
        return image;
    }

    private void belt() {
        int tone = 104 + 10 * Factory.LINES.indexOf(phone.line());
        pen.setColor(grey(tone));
        pen.fill(new Rectangle2D.Double(0, 0, Camera.WIDTH, Camera.HEIGHT));
        // Ribs run across the belt, which moves while the shutter waits: they are never in step.
        double phase = between(random, 0, 4);
        for (double y = phase - 4; y < Camera.HEIGHT; y += 4) {
            pen.setColor(grey(tone - 17));
            pen.fill(new Rectangle2D.Double(0, y, Camera.WIDTH, 1.3));
            pen.setColor(grey(tone + 10));
            pen.fill(new Rectangle2D.Double(0, y + 1.3, Camera.WIDTH, 0.7));
        }
        // Crumbs of the day.
        int crumbs = (int) Math.round(conditions.dust() * between(random, 2, 9));
        for (int i = 0; i < crumbs; i++) {
            pen.setColor(grey(tone + between(random, 10, 60)));
            double size = between(random, 0.4, 1.1);
            pen.fill(
                    new Ellipse2D.Double(
                            between(random, 0, Camera.WIDTH),
                            between(random, 0, Camera.HEIGHT),
                            size,
                            size));
        }
        rail(0, 7);
        rail(Camera.WIDTH - 7, Camera.WIDTH);
    }

    /// The steel that keeps phones on the belt.
    private void rail(double from, double to) {
        double middle = (from + to) / 2;
        pen.setPaint(
                new GradientPaint((float) from, 0, grey(128), (float) middle, 0, grey(206), true));
        pen.fill(new Rectangle2D.Double(from, 0, to - from, Camera.HEIGHT));
        pen.setColor(grey(40));
        double inner = from == 0 ? to : from - 0.8;
        pen.fill(new Rectangle2D.Double(inner, 0, 0.8, Camera.HEIGHT));
    }

    private void shadow() {
        for (double wide = 4; wide >= 0.5; wide -= 0.5) {
            pen.setColor(new Color(0, 0, 0, 18));
            pen.fill(around(wide, 1.2, 1.6));
        }
    }

    private void body() {
        double width = phone.make().width;
        int tone = phone.finish().grey;
        pen.setColor(grey(tone * 0.8));
        pen.fill(new Rectangle2D.Double(width / 2 - 0.4, -18, 1.3, 9));
        pen.fill(new Rectangle2D.Double(-width / 2 - 0.9, -20, 1.3, 5));
        pen.fill(new Rectangle2D.Double(-width / 2 - 0.9, -13, 1.3, 5));
        pen.setPaint(
                new GradientPaint(
                        (float) (-width / 2),
                        0,
                        grey(Math.min(255, tone * 1.12 + 12)),
                        (float) (width / 2),
                        0,
                        grey(tone * 0.82)));
        pen.fill(around(0, 0, 0));
        pen.setColor(new Color(255, 255, 255, 70));
        pen.setStroke(new BasicStroke(0.35f));
        pen.draw(around(-0.35, 0, 0));
    }

    /// The phone's outline, wider by so much on each side, and moved.
    private RoundRectangle2D around(double wider, double right, double down) {
        var make = phone.make();
        double corner = 2 * Math.max(0.5, make.corner + wider);
        return new RoundRectangle2D.Double(
                -make.width / 2 - wider + right,
                -make.height / 2 - wider + down,
                make.width + 2 * wider,
                make.height + 2 * wider,
                corner,
                corner);
    }

    private RoundRectangle2D glass() {
        var glass = around(-phone.make().rim, 0, 0);
        boolean white = phone.make().front == Make.Front.HOME_BUTTON && phone.finish().grey > 150;
        pen.setColor(grey(white ? 214 : 24));
        pen.fill(glass);
        if (phone.make().front == Make.Front.HOME_BUTTON) {
            pen.setColor(grey(white ? 35 : 32));
            pen.fill(screen());
        } else {
            pen.setColor(grey(34));
            pen.fill(around(-phone.make().rim - 1.6, 0, 0));
        }
        return glass;
    }

    private Rectangle2D screen() {
        var make = phone.make();
        return new Rectangle2D.Double(
                -make.width / 2 + 3.4, -make.height / 2 + 10, make.width - 6.8, make.height - 21);
    }

    /// The lamps above the belt, seen in the glass: a soft band or two, and a window far away.
    private void reflections() {
        var before = pen.getTransform();
        double lean = Math.toRadians(between(random, 18, 42));
        pen.rotate(lean);
        double at = between(random, -22, 16);
        band(at, between(random, 9, 20), between(random, 24, 62));
        if (random.nextDouble() < 0.6)
            band(at + between(random, 16, 30), between(random, 3, 7), between(random, 14, 40));
        pen.setTransform(before);
        var sheen = between(random, 8, 30);
        pen.setPaint(
                new GradientPaint(
                        0,
                        (float) (-phone.make().height / 2),
                        new Color(255, 255, 255, (int) sheen),
                        0,
                        (float) (phone.make().height / 4),
                        new Color(255, 255, 255, 0)));
        pen.fill(around(0, 0, 0));
    }

    private void band(double at, double wide, double bright) {
        var none = new Color(255, 255, 255, 0);
        var full = new Color(255, 255, 255, (int) bright);
        // One edge of a lamp is near and sharp, the other far and soft.
        double edge = between(random, 0.6, 3);
        pen.setPaint(new GradientPaint((float) at, 0, none, (float) (at + edge), 0, full));
        pen.fill(new Rectangle2D.Double(at, -80, edge, 160));
        pen.setPaint(
                new GradientPaint(
                        (float) (at + edge), 0, full, (float) (at + edge + wide), 0, none));
        pen.fill(new Rectangle2D.Double(at + edge, -80, wide, 160));
    }

    private void front() {
        var make = phone.make();
        double top = -make.height / 2;
        switch (make.front) {
            case NOTCH -> {
                pen.setColor(grey(8));
                pen.fill(new RoundRectangle2D.Double(-8, top + make.rim - 3, 16, 7, 4, 4));
                lens(5, top + make.rim + 1.9, 1.1);
                speaker(-1, top + make.rim + 1.5, 5);
            }
            case HOLE -> lens(0, top + 5.2, 1.5);
            case CORNER_HOLE -> lens(-make.width / 2 + 6.2, top + 5.6, 1.5);
            case HOME_BUTTON -> {
                speaker(0, top + 5.3, 9);
                lens(-7.5, top + 5.4, 0.9);
                pen.setColor(grey(phone.finish().grey > 150 ? 168 : 62));
                pen.setStroke(new BasicStroke(0.7f));
                pen.draw(new Ellipse2D.Double(-3.3, make.height / 2 - 8.9, 6.6, 6.6));
            }
        }
    }

    private void lens(double x, double y, double radius) {
        pen.setColor(grey(4));
        pen.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
        pen.setColor(grey(64));
        pen.setStroke(new BasicStroke(0.3f));
        pen.draw(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
        pen.setColor(grey(120));
        pen.fill(new Ellipse2D.Double(x - radius * 0.5, y - radius * 0.5, 0.6, 0.6));
    }

    private void speaker(double x, double y, double wide) {
        pen.setColor(grey(58));
        pen.setStroke(new BasicStroke(0.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(new Line2D.Double(x - wide / 2, y, x + wide / 2, y));
    }

    static Color grey(double tone) {
        int grey = Math.clamp(Math.round(tone), 0, 255);
        return new Color(grey, grey, grey);
    }
}

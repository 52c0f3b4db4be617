package dev.davy.demo.phones;

import static dev.davy.demo.phones.Factory.between;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.random.RandomGenerator;

/// What lies on the glass and what is cut into it. Dust and fibres are why this is hard.
final class Marks {
    private Marks() {}

    static void smudges(Graphics2D pen, RandomGenerator random, Make make, double usual) {
        int count = (int) Math.floor(usual * between(random, 0, 3.2));
        for (int i = 0; i < count; i++) {
            var before = pen.getTransform();
            pen.translate(
                    between(random, -make.width / 2, make.width / 2),
                    between(random, -make.height / 2, make.height / 2));
            pen.rotate(between(random, 0, Math.PI));
            pen.scale(1, between(random, 0.45, 0.8));
            float radius = (float) between(random, 5, 11);
            int strong = (int) between(random, 10, 34);
            pen.setPaint(
                    new RadialGradientPaint(
                            new Point2D.Float(0, 0),
                            radius,
                            new float[] {0, 0.6f, 1},
                            new Color[] {
                                new Color(255, 255, 255, strong),
                                new Color(255, 255, 255, strong / 2),
                                new Color(255, 255, 255, 0)
                            }));
            pen.fill(new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius));
            pen.setTransform(before);
        }
    }

    static void dust(Graphics2D pen, RandomGenerator random, Make make, double usual) {
        int specks = (int) Math.round(usual * between(random, 0, 14) * random.nextDouble());
        for (int i = 0; i < specks; i++) {
            double size = between(random, 0.35, 1.2);
            pen.setColor(new Color(255, 255, 255, (int) between(random, 40, 190)));
            pen.fill(
                    new Ellipse2D.Double(
                            between(random, -make.width / 2, make.width / 2),
                            between(random, -make.height / 2, make.height / 2),
                            size,
                            size * between(random, 0.7, 1.4)));
        }
        double fibres = usual * 0.45;
        while (random.nextDouble() < fibres) {
            fibre(pen, random, make);
            fibres *= 0.5;
        }
    }

    /// Lint is short, curls, and is as wide at its ends as in its middle; a scratch is none of
    /// that.
    private static void fibre(Graphics2D pen, RandomGenerator random, Make make) {
        double length = between(random, 4, 13);
        double curl = between(random, 0.25, 0.6) * length * (random.nextBoolean() ? 1 : -1);
        var before = pen.getTransform();
        pen.translate(
                between(random, -make.width / 2, make.width / 2),
                between(random, -make.height / 2, make.height / 2));
        pen.rotate(between(random, 0, Math.PI));
        var line = new Path2D.Double();
        line.moveTo(-length / 2, 0);
        line.curveTo(-length / 6, curl, length / 6, between(random, -0.6, 1) * curl, length / 2, 0);
        pen.setColor(new Color(255, 255, 255, (int) between(random, 35, 130)));
        pen.setStroke(
                new BasicStroke(
                        (float) between(random, 0.5, 0.9),
                        BasicStroke.CAP_ROUND,
                        BasicStroke.JOIN_ROUND));
        pen.draw(line);
        pen.setTransform(before);
    }

    /// Short strokes along a curve: it begins and ends in nothing, and skips where the glass was
    /// harder.
    static void scratch(Graphics2D pen, RandomGenerator random, Scratch scratch) {
        AffineTransform before = pen.getTransform();
        pen.translate(scratch.x(), scratch.y());
        pen.rotate(scratch.angle());
        int strokes = Math.max(8, (int) Math.round(scratch.length() * 1.5));
        double pressure = 1;
        for (int i = 0; i < strokes; i++) {
            double from = (double) i / strokes;
            double to = (double) (i + 1) / strokes;
            pressure = Math.clamp(pressure + between(random, -0.16, 0.16), 0.55, 1.1);
            double middle = (from + to) / 2;
            double taper = Math.pow(Math.sin(Math.PI * Math.clamp(middle, 0.02, 0.98)), 0.6);
            double strength = scratch.strength() * pressure * taper;
            float width = (float) (scratch.width() * (0.6 + 0.4 * taper));
            if (scratch.depth() == Depth.GOUGE) {
                // Deep enough to have a side that no light reaches.
                stroke(pen, scratch, from, to, width * 0.7, new Color(0, 0, 0, 150), width * 0.8f);
            }
            int alpha = Math.clamp(Math.round(255 * strength), 0, 255);
            stroke(pen, scratch, from, to, 0, new Color(255, 255, 255, alpha), width);
        }
        pen.setTransform(before);
    }

    private static void stroke(
            Graphics2D pen,
            Scratch scratch,
            double from,
            double to,
            double beside,
            Color colour,
            float width) {
        pen.setColor(colour);
        pen.setStroke(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        pen.draw(
                new Line2D.Double(
                        along(scratch, from),
                        aside(scratch, from) + beside,
                        along(scratch, to),
                        aside(scratch, to) + beside));
    }

    private static double along(Scratch scratch, double at) {
        return scratch.length() * (at - 0.5);
    }

    private static double aside(Scratch scratch, double at) {
        return scratch.bend() * 4 * at * (1 - at);
    }
}

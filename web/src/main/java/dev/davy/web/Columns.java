package dev.davy.web;

import dev.davy.monitoring.Measure;
import dev.davy.monitoring.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/// A column as a card shows it: its distribution now and before, and what there is to say.
///
/// @param moved how far it moved, above what chance makes; 0: not
/// @param rows in words
/// @param summary median and range, or how many different texts
public record Columns(
        String name, Drawing drawing, double moved, String rows, String missing, String summary) {
    /// More cards than this help nobody at a glance.
    private static final int CARDS = 60;

    private static final String ALWAYS = "always ";

    public boolean hasMissing() {
        return !missing.isEmpty();
    }

    /// Whether one number is all that came: a picture of it would say nothing.
    public boolean isConstant() {
        return summary.startsWith(ALWAYS);
    }

    public String movedSaid() {
        return "moved by " + Figures.number(Math.round(moved * 100) / 100.0);
    }

    public boolean hasMoved() {
        return moved >= 0.01;
    }

    /// All columns of a window, those that moved most first, the others by name.
    static List<Columns> of(SortedMap<String, Measure> now, SortedMap<String, Measure> before) {
        var cards = new ArrayList<Columns>();
        now.forEach((name, measure) -> {
            // A value of which nothing can be said but that it was there: its measures say more.
            boolean nothing =
                    measure.moments().count() + measure.texts().count() + measure.missing() == 0;
            if (!nothing) cards.add(card(name, measure, before.get(name)));
        });
        cards.sort(
                Comparator.comparingDouble((Columns card) -> card.hasMoved() ? -card.moved : 0)
                        .thenComparing(Columns::isConstant)
                        .thenComparing(Columns::name));
        return List.copyOf(cards.subList(0, Math.min(CARDS, cards.size())));
    }

    private static Columns card(
            String name, Measure now, @org.jspecify.annotations.Nullable Measure before) {
        var then = before == null ? emptyLike() : before;
        var missing = now.missing() + now.nan() + now.infinite() == 0 ? "" : missing(now);
        return new Columns(
                name,
                Drawing.of(now, then),
                Drawing.moved(now, then),
                Figures.of(now.count(), "row"),
                missing,
                summary(now));
    }

    private static Measure emptyLike() {
        return Window.EMPTY.confidence();
    }

    private static String missing(Measure now) {
        var said = new ArrayList<String>();
        if (now.missing() > 0) said.add(Figures.share(now.missing(), now.count()) + " missing");
        if (now.nan() + now.infinite() > 0)
            said.add(
                    Figures.share(now.nan() + now.infinite(), now.count())
                            + " not a finite number");
        return String.join(", ", said);
    }

    private static String summary(Measure now) {
        if (now.moments().count() > 0 && now.moments().min() == now.moments().max())
            return ALWAYS + Figures.number(now.moments().min());
        if (now.moments().count() > 0)
            return "median "
                    + Figures.number(now.quantile(0.5))
                    + ", "
                    + Figures.number(now.moments().min())
                    + " to "
                    + Figures.number(now.moments().max());
        int different = now.texts().values().size();
        return now.texts().other() > 0
                ? "more than " + Figures.of(different, "different text")
                : "";
    }
}

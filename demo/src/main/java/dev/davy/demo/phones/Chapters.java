package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.demo.Story.Chapter;
import java.util.List;

/// The story of the factory: a model beside people, then deciding in part; a better version and a
/// careless one; and lamps that go dim.
public final class Chapters {
    public static final String TITLE = "A phone factory, and the model that looks for scratches";

    private final Seat seat;
    private final NewVersions coming;
    private final Watchers watchers;
    private final Lamps lamps;
    private final List<String> versions;

    /// @param versions of the model: the one that is live at first, the better, the careless one
    public Chapters(Door door, Factory factory, Lamps lamps, List<String> versions) {
        this.seat = new Seat(door, factory);
        this.coming = new NewVersions(door);
        this.watchers = new Watchers(door);
        this.lamps = lamps;
        this.versions = List.copyOf(versions);
    }

    /// In the order in which they are told.
    public List<Chapter> all() {
        return List.of(
                new Chapter(
                        "The model looks over the inspectors' shoulders",
                        "At one seat people decide on every phone. The model looks at each of them"
                                + " too, and nobody hears what it says.",
                        Seat.CURVE,
                        says -> seat.beside(versions.get(1), says)),
                new Chapter(
                        "It decides where it is sure",
                        "What the model is sure of, it decides; the other phones wait for a person.",
                        Seat.PAGE,
                        seat::partly),
                new Chapter(
                        "A better version comes live",
                        "On the lines an early version decides. One that learnt from fifteen times"
                                + " as many photos is tried: as a shadow, then on half of the phones.",
                        NewVersions.PAGE,
                        says ->
                                coming.bring(
                                        versions.get(1),
                                        "learnt from fifteen times as many photos",
                                        says)),
                new Chapter(
                        "A careless version goes back",
                        "Somebody fed the next one wrongly. Nothing about it is an error: it loads,"
                                + " it answers, it is sure of itself.",
                        NewVersions.PAGE,
                        says ->
                                coming.bring(
                                        versions.get(2),
                                        "promises to find even more scratches",
                                        says)),
                new Chapter(
                        "The lamps go dim",
                        "The lamps above the belt go dim. No call fails and none is late: a load"
                                + " balancer sees nothing.",
                        "/endpoints/" + PhoneInspection.ENDPOINT + "/monitoring",
                        _ -> lamps.dim()),
                new Chapter(
                        "The alarm rings",
                        "Within a minute or two an alarm says what changed, by how much, and since"
                                + " when.",
                        Watchers.METRIC,
                        says -> watchers.hear(lamps.dimmed(), says)),
                new Chapter(
                        "What it shows",
                        "How right the model is by now, before the lab has said a word.",
                        "/endpoints/" + PhoneInspection.ENDPOINT,
                        says -> watchers.look(lamps.dimmed(), says)));
    }

    /// Everything as it was at the beginning.
    public void putBack() {
        lamps.bright();
        coming.putBack(versions.getFirst());
        watchers.settle();
    }
}

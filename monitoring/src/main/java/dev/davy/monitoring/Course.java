package dev.davy.monitoring;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// How an alarm goes on from window to window. Pure.
final class Course {
    /// An alarm that rang is over after so many windows in which nothing was wrong: one that comes
    /// and goes is one alarm.
    static final int FINE_WINDOWS = 2;

    private Course() {}

    /// What happened in a step; nothing where the alarm is as it was.
    enum Transition {
        NONE,
        PENDING,
        FIRING,
        RESOLVED
    }

    /// @param alarm empty where there is none, and where a pending one came to nothing
    record Step(Optional<Alarm> alarm, Transition transition) {}

    /// A window that was judged.
    ///
    /// @param detail what a bad one is based on
    record Judged(Instant from, Instant to, Judgement judgement, JsonNode detail) {}

    /// @param open the alarm of this monitor that is not resolved
    /// @param id for a new one
    /// @param group the alarm that began it all; empty: this one does
    static Step next(
            Optional<Alarm> open,
            Monitor monitor,
            String endpoint,
            Judged window,
            UUID id,
            Optional<UUID> group,
            Instant now) {
        return switch (window.judgement()) {
            case Judgement.Bad bad ->
                    open.isPresent()
                            ? worse(open.get(), monitor, window, bad, now)
                            : begin(monitor, endpoint, window, bad, id, group, now);
            case Judgement.Fine(var value) ->
                    open.map(alarm -> better(alarm, window, value, now))
                            .orElse(new Step(Optional.empty(), Transition.NONE));
            // What can't be told is neither bad nor fine.
            case Judgement.TooEarly _ ->
                    new Step(open.map(alarm -> until(alarm, window.to())), Transition.NONE);
        };
    }

    private static Step begin(
            Monitor monitor,
            String endpoint,
            Judged window,
            Judgement.Bad bad,
            UUID id,
            Optional<UUID> group,
            Instant now) {
        boolean rings = monitor.windows() <= 1;
        var alarm =
                new Alarm(
                        id,
                        group.orElse(id),
                        endpoint,
                        monitor.name(),
                        monitor.watch().text(),
                        monitor.severity(),
                        rings ? Alarm.State.FIRING : Alarm.State.PENDING,
                        window.from(),
                        window.to(),
                        now,
                        rings ? Optional.of(now) : Optional.empty(),
                        Optional.empty(),
                        1,
                        0,
                        bad.value(),
                        bad.why(),
                        window.detail(),
                        "",
                        "",
                        Optional.empty(),
                        1);
        return new Step(Optional.of(alarm), rings ? Transition.FIRING : Transition.PENDING);
    }

    private static Step worse(
            Alarm alarm, Monitor monitor, Judged window, Judgement.Bad bad, Instant now) {
        boolean begins =
                alarm.state() == Alarm.State.PENDING && alarm.bad() + 1 >= monitor.windows();
        var next =
                alarm.after(
                        monitor.severity(),
                        begins ? Alarm.State.FIRING : alarm.state(),
                        window.to(),
                        begins ? Optional.of(now) : alarm.fired(),
                        Optional.empty(),
                        alarm.bad() + 1,
                        0,
                        bad.value(),
                        bad.why(),
                        window.detail());
        return new Step(Optional.of(next), begins ? Transition.FIRING : Transition.NONE);
    }

    private static Step better(Alarm alarm, Judged window, OptionalDouble value, Instant now) {
        int fine = alarm.fine() + 1;
        boolean pending = alarm.state() == Alarm.State.PENDING;
        boolean over = pending || fine >= FINE_WINDOWS;
        var next =
                alarm.after(
                        alarm.severity(),
                        over ? Alarm.State.RESOLVED : alarm.state(),
                        window.to(),
                        alarm.fired(),
                        over ? Optional.of(now) : Optional.empty(),
                        // "In a row": a pending alarm begins anew.
                        0,
                        fine,
                        value.isPresent() ? value : alarm.value(),
                        alarm.why(),
                        alarm.detail());
        return new Step(Optional.of(next), over ? Transition.RESOLVED : Transition.NONE);
    }

    private static Alarm until(Alarm alarm, Instant until) {
        return alarm.after(
                alarm.severity(),
                alarm.state(),
                until,
                alarm.fired(),
                alarm.ended(),
                alarm.bad(),
                alarm.fine(),
                alarm.value(),
                alarm.why(),
                alarm.detail());
    }

    /// What a person did.
    static Alarm acknowledged(Alarm alarm, String who, String note) {
        return alarm.told(Alarm.State.ACKNOWLEDGED, alarm.ended(), who, note, alarm.silenced());
    }

    static Alarm silenced(Alarm alarm, String who, String note, Instant until) {
        return alarm.told(alarm.state(), alarm.ended(), who, note, Optional.of(until));
    }

    static Alarm resolved(Alarm alarm, String who, String note, Instant now) {
        return alarm.told(Alarm.State.RESOLVED, Optional.of(now), who, note, alarm.silenced());
    }
}

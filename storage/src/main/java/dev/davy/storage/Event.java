package dev.davy.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A change of a thing, with who, when and why: written in the transaction that makes the change.
///
/// @param id from [Ids]: events are ordered by it
/// @param at to the microsecond
/// @param kind of thing: `model`, `endpoint`
/// @param name of the thing
/// @param what happened to it: `registered`
/// @param who did it: a token's name
/// @param why in the words of who did it; may be empty
/// @param detail what it was based on, with numbers; an object
public record Event(
        UUID id,
        Instant at,
        String kind,
        String name,
        String what,
        String who,
        String why,
        JsonNode detail) {
    public Event {
        Objects.requireNonNull(id);
        Objects.requireNonNull(at);
        Objects.requireNonNull(why);
        if (kind.isEmpty() || name.isEmpty() || what.isEmpty() || who.isEmpty())
            throw new IllegalArgumentException(
                    "an event says what happened to which thing and who did it, not kind '%s', name '%s', what '%s', who '%s'"
                            .formatted(kind, name, what, who));
        if (!detail.isObject())
            throw new IllegalArgumentException("detail is " + detail + "; it must be an object");
    }
}

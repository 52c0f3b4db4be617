/// Shows Davy to somebody who has just come: a phone factory at work, or their own model on their
/// own table.
///
/// Start at [Source], something to ask about; [Traffic] asks a server, at a [Pace] that a person
/// can follow, and later tells it what came to be known. All of it goes through a [Door], the HTTP
/// that every caller uses: nothing that a page shows is put there in another way. `phones` draws
/// the factory, `speech` speaks digits, `own` reads a person's model and table.
@NullMarked
package dev.davy.demo;

import org.jspecify.annotations.NullMarked;

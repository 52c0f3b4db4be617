/// Measurements, named as `bench/run NAME`.
///
/// Start at `Bench`, which lists them. A `Measurement` starts servers as processes of their own
/// (`Candidate`, `ServerProcess`), loads them (`ClosedLoop`, `OpenLoop`) and holds what it found
/// against its `Target`s. `BareServer` is what Davy is measured against.
@NullMarked
package dev.davy.bench;

import org.jspecify.annotations.NullMarked;

/// Measurements, named as `bench/run NAME`.
///
/// Start at `Bench`.
@NullMarked
package dev.davy.bench;

import org.jspecify.annotations.NullMarked;

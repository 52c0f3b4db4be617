/// Phones that never were: drawn by code, each with a truth that is known.
///
/// Start at [Factory], which makes a [Phone] of a number, always the same one. [Camera] takes its
/// [Photo] under [Conditions]; [TrainingFolder] writes many of them for whoever trains a model.
@NullMarked
package dev.davy.demo.phones;

import org.jspecify.annotations.NullMarked;

/// What people decide: how much a model decides alone, the cases it does not, who decided them and
/// how, and what that says of the model and of the people.
///
/// Start at [Policy], which an endpoint declares; [Rule] is what serving reads of it; [Reviews]
/// keeps the cases. Knows `serving` and `stats`; nothing there knows it.
@NullMarked
package dev.davy.review;

import org.jspecify.annotations.NullMarked;

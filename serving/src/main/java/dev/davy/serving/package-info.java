/// Endpoints answer predictions and keep every answer; feedback joins them later.
///
/// Start at `Endpoint` and `RoutingTable`; `Predictor` answers. Looks back to `registry`,
/// `runtime`, `storage`.
@NullMarked
package dev.davy.serving;

import org.jspecify.annotations.NullMarked;

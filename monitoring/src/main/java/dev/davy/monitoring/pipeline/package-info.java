/// Which part of a pipeline is to blame: its input, one of its components, or none that is known.
///
/// Start at [Verdict], the answers. [Judge] decides among them, from [Evidence] alone.
/// [Reexecution] makes the evidence: it asks the components of a reference again about what was
/// logged, of a sample that [Sampler] draws from the log; [Attributions] puts these together. Knows
/// `serving`, which loads an endpoint as it once stood, and the tests of `stats`; nothing of
/// windows.
@NullMarked
package dev.davy.monitoring.pipeline;

import org.jspecify.annotations.NullMarked;

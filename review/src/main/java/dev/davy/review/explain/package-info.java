/// Says what an answer hung on, whatever kind of model gave it: the model is asked again with parts
/// of the input taken away, and nothing is known of it but what it answers.
///
/// Start at [Explanation], the data. [Occlusion] takes parts of a picture or a recording away,
/// [Shapley] the values of a row, and [Usual] says how unusual each of them is among recent ones;
/// [Explanations] asks, remembers for a while, and has the HTTP. Knows `serving`; nothing of the
/// queue.
@NullMarked
package dev.davy.review.explain;

import org.jspecify.annotations.NullMarked;

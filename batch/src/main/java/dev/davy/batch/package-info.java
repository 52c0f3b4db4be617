/// Batch prediction: whole tables and folders of images or recordings through an endpoint, as a
/// job. All cores, memory that does not grow with the input, the input's order, and each row once,
/// whatever kills the process on the way.
///
/// Start at [BatchPrediction], the work. A [Source] gives the input in chunks, each answered by one
/// thread into a [Part], a file that is there whole or not at all; a [Result] puts the parts
/// together. Looks back to `serving` (which answers and logs) and `jobs` (which remembers how far
/// it is).
@NullMarked
package dev.davy.batch;

import org.jspecify.annotations.NullMarked;

/// The Open Inference Protocol v2, over REST and gRPC.
///
/// Start at `DataPath`, the one asynchronous class: a request becomes tensors, the tensors join a
/// batch, the batch becomes answers.
@NullMarked
package dev.davy.serving.oip;

import org.jspecify.annotations.NullMarked;

package dev.davy.serving.oip;

import io.vertx.core.Context;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings an answer back to the event loop of its connection.
final class OnLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(OnLoop.class);

    private OnLoop() {}

    /// Where the server has closed meanwhile there is no connection any more, and nobody to answer:
    /// that is no failure of the call, which is in the log.
    static void later(Context loop, Runnable answer) {
        try {
            loop.runOnContext(_ -> answer.run());
        } catch (RejectedExecutionException closed) {
            LOGGER.debug("an answer came after the server had closed", closed);
        }
    }
}

package dev.davy.registry;

import dev.davy.http.Routes;
import dev.davy.storage.Events;

/// Models and events over HTTP.
@SuppressWarnings("DoNotCallSuggester")
public final class ModelRoutes {
    private ModelRoutes() {}

    public static void addTo(Routes routes, Models models, Events events) {
        throw new IllegalStateException("not there yet");
    }
}

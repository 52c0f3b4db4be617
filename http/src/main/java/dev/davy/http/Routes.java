package dev.davy.http;

import java.util.ArrayList;
import java.util.List;

/// All management routes of a server.
public final class Routes {
    private final List<Route> all = new ArrayList<>();

    /// @throws IllegalArgumentException when two routes would answer the same request
    public Routes add(Route... routes) {
        for (var route : routes) all.add(route);
        return this;
    }

    /// In the order in which they were added.
    public List<Route> all() {
        return List.copyOf(all);
    }
}

package dev.davy.bench;

import java.util.List;

/// One named measurement: prints its table, returns what it held against its targets.
interface Measurement {
    /// How `bench/run` calls it.
    String name();

    /// One line for the list of names.
    String about();

    List<Target> run(Place place) throws Exception;
}

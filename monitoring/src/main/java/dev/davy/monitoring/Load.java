package dev.davy.monitoring;

import java.util.List;

/// The numbers that say how busy a machine, its process and an endpoint's models are. They are
/// columns like any other, but never judged unless a person declares a limit: how busy a machine is
/// depends on its other work.
final class Load {
    /// Rows of one run of a model.
    static final String BATCH = "software.batch";

    /// Rows that wait for a model.
    static final String QUEUE = "software.queue";

    /// How long calls waited before a model took them, in milliseconds: the mean of some seconds.
    static final String WAIT = "software.wait";

    /// The share of all processors that this process uses.
    static final String PROCESS_CPU = "process.cpu";

    /// What this process holds of the machine's memory, in bytes.
    static final String PROCESS_MEMORY = "process.memory";

    /// What of it Java's objects take.
    static final String PROCESS_HEAP = "process.heap";

    /// Files and connections.
    static final String PROCESS_FILES = "process.open-files";

    static final String PROCESS_THREADS = "process.threads";

    /// The share of all processors that is used, by whomever.
    static final String MACHINE_CPU = "machine.cpu";

    /// Tasks that run or want to, a processor: the mean of a minute.
    static final String MACHINE_LOAD = "machine.load";

    /// The share of the machine's memory that is used, by whomever.
    static final String MACHINE_MEMORY = "machine.memory";

    static final List<String> OF_ENDPOINT = List.of(BATCH, QUEUE, WAIT);

    static final List<String> OF_MACHINE =
            List.of(
                    PROCESS_CPU,
                    PROCESS_MEMORY,
                    PROCESS_HEAP,
                    PROCESS_FILES,
                    PROCESS_THREADS,
                    MACHINE_CPU,
                    MACHINE_LOAD,
                    MACHINE_MEMORY);

    private Load() {}

    static boolean isOne(String name) {
        return OF_ENDPOINT.contains(name) || OF_MACHINE.contains(name);
    }

    /// Whether it is a part of something, told in percent.
    static boolean isShare(String name) {
        return name.equals(PROCESS_CPU) || name.equals(MACHINE_CPU) || name.equals(MACHINE_MEMORY);
    }
}

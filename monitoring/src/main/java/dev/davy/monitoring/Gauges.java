package dev.davy.monitoring;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads how busy this process and its machine are: once in a few seconds, on a thread of its own.
final class Gauges {
    private static final Path MEMORY = Path.of("/proc/self/statm");

    /// Linux counts memory in pages of this size, but for machines that say otherwise to no Java.
    private static final long PAGE = 4_096;

    private Gauges() {}

    /// What can be told here, by the names of [Load]; what can't be told is not in it.
    static Map<String, Double> now() {
        var gauges = new LinkedHashMap<String, Double>();
        var runtime = ManagementFactory.getMemoryMXBean();
        put(gauges, Load.PROCESS_HEAP, (double) runtime.getHeapMemoryUsage().getUsed());
        put(gauges, Load.PROCESS_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        var system = ManagementFactory.getOperatingSystemMXBean();
        double load = system.getSystemLoadAverage();
        put(gauges, Load.MACHINE_LOAD, load < 0 ? -1 : load / system.getAvailableProcessors());
        if (system instanceof OperatingSystemMXBean machine) {
            put(gauges, Load.PROCESS_CPU, machine.getProcessCpuLoad());
            put(gauges, Load.MACHINE_CPU, machine.getCpuLoad());
            double all = machine.getTotalMemorySize();
            put(gauges, Load.MACHINE_MEMORY, all > 0 ? 1 - machine.getFreeMemorySize() / all : -1);
        }
        if (system instanceof UnixOperatingSystemMXBean unix)
            put(gauges, Load.PROCESS_FILES, (double) unix.getOpenFileDescriptorCount());
        put(gauges, Load.PROCESS_MEMORY, resident());
        return gauges;
    }

    /// Java says -1, or nothing at all, where it can't tell.
    private static void put(Map<String, Double> gauges, String name, double value) {
        if (value >= 0 && Double.isFinite(value)) gauges.put(name, value);
    }

    private static double resident() {
        if (!Files.isReadable(MEMORY)) return -1;
        try {
            var fields = Files.readString(MEMORY, StandardCharsets.US_ASCII).strip().split(" ");
            return Long.parseLong(fields[1]) * (double) PAGE;
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException otherwise) {
            return -1;
        }
    }
}

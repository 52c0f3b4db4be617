package dev.davy.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Watches the resident memory of a child where the system cannot limit it, and kills it above.
final class MemoryWatch {
    private static final long BASE_BYTES = 300L << 20;

    private MemoryWatch() {}

    static void over(Process process, long memoryBytes) {
        Thread.ofVirtual().name("davy-memory-watch").start(() -> watch(process, memoryBytes));
    }

    private static void watch(Process process, long memoryBytes) {
        try {
            while (!process.waitFor(1, TimeUnit.SECONDS))
                if (resident(process.pid()) > BASE_BYTES + memoryBytes) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // No `ps` here: the child runs unwatched, as the report says.
            return;
        }
    }

    private static long resident(long pid) throws IOException {
        var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
        var said = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return said.matches("[0-9]{1,15}") ? Long.parseLong(said) << 10 : 0;
    }
}

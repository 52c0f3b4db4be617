package dev.davy.runtime.ort;

import static dev.davy.runtime.ort.Native.LONG;
import static dev.davy.runtime.ort.Native.call0;
import static dev.davy.runtime.ort.Native.call1;
import static dev.davy.runtime.ort.Native.call2;
import static dev.davy.runtime.ort.Native.call3;
import static dev.davy.runtime.ort.Native.call4;
import static dev.davy.runtime.ort.Native.call8;
import static dev.davy.runtime.ort.Native.text;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Sessions and runs.
public final class Ort {
    private static final long OPTIMIZE_ALL = 99;

    private static @Nullable Path library;

    private Ort() {}

    /// Names the library's file; before the first call, and again only when that file is gone: this
    /// process has loaded it, but its children have not.
    public static synchronized void use(Path file) {
        if (!ready()) library = file.toAbsolutePath();
    }

    /// Whether a file has been named and is there.
    public static synchronized boolean ready() {
        return library != null && Files.isRegularFile(library);
    }

    /// The library's file.
    public static synchronized Path library() {
        if (library == null) throw new IllegalStateException("no library has been named");
        return library;
    }

    /// How the library was built, as it says.
    public static String buildInfo() {
        return text(call0(Table.function(Table.BUILD_INFO)));
    }

    /// Loads a model.
    ///
    /// @param threads how many threads one run may use
    public static long session(Path model, int threads) throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call1(Table.function(Table.CREATE_SESSION_OPTIONS), out.address()));
            long options = out.get(LONG, 0);
            try {
                Table.check(call2(Table.function(Table.SET_INTRA_OP_THREADS), options, threads));
                Table.check(call2(Table.function(Table.SET_INTER_OP_THREADS), options, 1));
                Table.check(call2(Table.function(Table.SET_OPTIMIZATION), options, OPTIMIZE_ALL));
                config(arena, options, "session.intra_op.allow_spinning", "0");
                config(arena, options, "session.inter_op.allow_spinning", "0");
                Table.check(
                        call4(
                                Table.function(Table.CREATE_SESSION),
                                Table.ENVIRONMENT,
                                path(arena, model),
                                options,
                                out.address()));
                return out.get(LONG, 0);
            } finally {
                call1(Table.function(Table.RELEASE_SESSION_OPTIONS), options);
            }
        }
    }

    private static void config(Arena arena, long options, String key, String value)
            throws OrtFailure {
        Table.check(
                call3(
                        Table.function(Table.ADD_CONFIG_ENTRY),
                        options,
                        arena.allocateFrom(key).address(),
                        arena.allocateFrom(value).address()));
    }

    private static long path(Arena arena, Path file) {
        boolean wide = System.getProperty("os.name").startsWith("Windows");
        var charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        return arena.allocateFrom(file.toAbsolutePath().toString(), charset).address();
    }

    public static void releaseSession(long session) {
        call1(Table.function(Table.RELEASE_SESSION), session);
    }

    /// Runs a model. All arguments but the first two and the counts are addresses of arrays of
    /// pointers. An output whose pointer is null is made by the runtime and must be released.
    ///
    /// @return 0, or a status for [#check]
    public static long run(
            long session,
            long runOptions,
            long inputNames,
            long inputs,
            long inputCount,
            long outputNames,
            long outputCount,
            long outputs) {
        return call8(
                Table.RUN_FUNCTION,
                session,
                runOptions,
                inputNames,
                inputs,
                inputCount,
                outputNames,
                outputCount,
                outputs);
    }

    public static long runOptions() throws OrtFailure {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            Table.check(call1(Table.function(Table.CREATE_RUN_OPTIONS), out.address()));
            return out.get(LONG, 0);
        }
    }

    public static void releaseRunOptions(long runOptions) {
        call1(Table.function(Table.RELEASE_RUN_OPTIONS), runOptions);
    }

    /// Makes runs with these options end soon, between two operators; or lets them run again.
    public static void terminate(long runOptions, boolean end) {
        long status =
                call1(
                        Table.function(end ? Table.SET_TERMINATE : Table.UNSET_TERMINATE),
                        runOptions);
        if (status != 0) throw new IllegalStateException(Table.failure(status));
    }

    /// Throws what a status says, unless it is 0; the status is released.
    public static void check(long status) throws OrtFailure {
        Table.check(status);
    }
}

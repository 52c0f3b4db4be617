package dev.davy.runtime.ort;

import static dev.davy.runtime.ort.Native.LONG;
import static dev.davy.runtime.ort.Native.address;
import static dev.davy.runtime.ort.Native.call0;
import static dev.davy.runtime.ort.Native.call1;
import static dev.davy.runtime.ort.Native.call3;
import static dev.davy.runtime.ort.Native.text;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/// ONNX Runtime's table of functions, which only ever grows at its end: the numbers below are
/// places in it, fixed since the functions were published.
final class Table {
    /// The version of the table that is asked for: 15 is where [#RESIZED_TEXT] came.
    private static final long API_VERSION = 15;

    static final int ERROR_CODE = 1;
    static final int ERROR_MESSAGE = 2;
    static final int CREATE_ENV = 3;
    static final int DISABLE_TELEMETRY = 6;
    static final int CREATE_SESSION = 7;
    static final int RUN = 9;
    static final int CREATE_SESSION_OPTIONS = 10;
    static final int SET_OPTIMIZATION = 23;
    static final int SET_INTRA_OP_THREADS = 24;
    static final int SET_INTER_OP_THREADS = 25;
    static final int CREATE_RUN_OPTIONS = 39;
    static final int SET_TERMINATE = 46;
    static final int UNSET_TERMINATE = 47;
    static final int CREATE_TENSOR = 48;
    static final int CREATE_TENSOR_WITH_DATA = 49;
    static final int TENSOR_DATA = 51;
    static final int TEXTS_LENGTH = 53;
    static final int TEXTS_CONTENT = 54;
    static final int ELEMENT_TYPE = 60;
    static final int DIMENSIONS_COUNT = 61;
    static final int DIMENSIONS = 62;
    static final int TYPE_AND_SHAPE = 65;
    static final int CREATE_CPU_MEMORY_INFO = 69;
    static final int DEFAULT_ALLOCATOR = 78;
    static final int GET_VALUE = 80;
    static final int GET_VALUE_COUNT = 81;
    static final int RELEASE_STATUS = 93;
    static final int RELEASE_SESSION = 95;
    static final int RELEASE_VALUE = 96;
    static final int RELEASE_RUN_OPTIONS = 97;
    static final int RELEASE_TYPE_AND_SHAPE = 99;
    static final int RELEASE_SESSION_OPTIONS = 100;
    static final int ADD_CONFIG_ENTRY = 130;
    static final int RESIZED_TEXT = 252;
    static final int BUILD_INFO = 254;

    private static final long LOG_FATAL = 4;

    static final MemorySegment TABLE = table();
    static final MemorySegment RUN_FUNCTION = function(RUN);
    static final long ENVIRONMENT = environment();
    static final long CPU = cpu();
    static final long ALLOCATOR = allocator();

    private Table() {}

    static MemorySegment function(int place) {
        return MemorySegment.ofAddress(TABLE.getAtIndex(LONG, place));
    }

    private static MemorySegment table() {
        var file = Ort.library();
        var base =
                SymbolLookup.libraryLookup(file, Arena.global())
                        .find("OrtGetApiBase")
                        .orElseThrow();
        long getApi = address(call0(base)).reinterpret(LONG.byteSize()).get(LONG, 0);
        long table = call1(MemorySegment.ofAddress(getApi), API_VERSION);
        if (table == 0)
            throw new IllegalStateException(
                    "ONNX Runtime offers no interface of version " + API_VERSION);
        return address(table).reinterpret((BUILD_INFO + 1) * LONG.byteSize());
    }

    private static long environment() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            // Only fatal errors are logged: the rest come back as failures, and its log lines
            // name files of this machine.
            check(
                    call3(
                            function(CREATE_ENV),
                            LOG_FATAL,
                            arena.allocateFrom("davy").address(),
                            out.address()));
            check(call1(function(DISABLE_TELEMETRY), out.get(LONG, 0)));
            return out.get(LONG, 0);
        } catch (OrtFailure e) {
            throw new IllegalStateException(e);
        }
    }

    private static long cpu() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            check(call3(function(CREATE_CPU_MEMORY_INFO), 1, 0, out.address()));
            return out.get(LONG, 0);
        } catch (OrtFailure e) {
            throw new IllegalStateException(e);
        }
    }

    private static long allocator() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LONG);
            check(call1(function(DEFAULT_ALLOCATOR), out.address()));
            return out.get(LONG, 0);
        } catch (OrtFailure e) {
            throw new IllegalStateException(e);
        }
    }

    /// Throws what a status says, unless it is 0; the status is released.
    static void check(long status) throws OrtFailure {
        if (status != 0) throw failure(status);
    }

    static OrtFailure failure(long status) {
        int code = (int) call1(function(ERROR_CODE), status);
        var message = text(call1(function(ERROR_MESSAGE), status));
        call1(function(RELEASE_STATUS), status);
        return new OrtFailure(code, message);
    }
}

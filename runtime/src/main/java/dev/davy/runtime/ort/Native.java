package dev.davy.runtime.ort;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// Calls of C functions whose arguments and results are all 64-bit integers.
///
/// None of the functions called takes more than eight arguments or a float, and one that wants 32
/// bits reads the lower half: so one stub per number of arguments will do, which keeps the start
/// short.
final class Native {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL0 = stub(0);
    private static final MethodHandle CALL1 = stub(1);
    private static final MethodHandle CALL2 = stub(2);
    private static final MethodHandle CALL3 = stub(3);
    private static final MethodHandle CALL4 = stub(4);
    private static final MethodHandle CALL5 = stub(5);
    private static final MethodHandle CALL7 = stub(7);
    private static final MethodHandle CALL8 = stub(8);

    private Native() {}

    static String text(long address) {
        return address(address).reinterpret(Integer.MAX_VALUE).getString(0);
    }

    static MemorySegment address(long address) {
        return MemorySegment.ofAddress(address);
    }

    private static MethodHandle stub(int arguments) {
        var longs = new MemoryLayout[arguments];
        Arrays.fill(longs, LONG);
        return LINKER.downcallHandle(FunctionDescriptor.of(LONG, longs));
    }

    private static IllegalStateException broken(Throwable e) {
        if (e instanceof Error error) throw error;
        return new IllegalStateException("a native call could not be made", e);
    }

    static long call0(MemorySegment function) {
        try {
            return (long) CALL0.invokeExact(function);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long call1(MemorySegment function, long a) {
        try {
            return (long) CALL1.invokeExact(function, a);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long call2(MemorySegment function, long a, long b) {
        try {
            return (long) CALL2.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long call3(MemorySegment function, long a, long b, long c) {
        try {
            return (long) CALL3.invokeExact(function, a, b, c);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long call4(MemorySegment function, long a, long b, long c, long d) {
        try {
            return (long) CALL4.invokeExact(function, a, b, c, d);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long call5(MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            return (long) CALL5.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long call7(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL7.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long call8(
            MemorySegment function,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h) {
        try {
            return (long) CALL8.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }
}

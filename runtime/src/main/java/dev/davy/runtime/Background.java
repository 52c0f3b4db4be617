package dev.davy.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// Lets a thread give way to all others.
///
/// Java's own thread priorities do nothing on Linux without privileges of the whole process, though
/// anybody may lower those of a thread.
public final class Background {
    /// `PRIO_PROCESS` of `sys/resource.h`. On Linux, and there alone, it means one thread.
    private static final int WHICH = 0;

    private static final int THIS_THREAD = 0;

    /// A tenth of the weight of a thread that nobody has touched. The least, 19, is a seventieth:
    /// where other programs keep all processors busy, readers would be minutes behind.
    private static final int NICE = 10;

    private Background() {}

    /// From now on this thread runs when the processors have nothing better to do, and with a tenth
    /// of the weight of others where they have. Elsewhere than on Linux nothing changes.
    public static void giveWay() {
        if (!System.getProperty("os.name").equals("Linux")) return;
        try {
            var linker = Linker.nativeLinker();
            var address = linker.defaultLookup().find("setpriority").orElseThrow();
            var of =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT);
            // A failure only costs some smoothness, and so does what is caught.
            int _ = (int) linker.downcallHandle(address, of).invokeExact(WHICH, THIS_THREAD, NICE);
        } catch (Throwable refused) {
            // Without native access, or on an unusual C library.
        }
    }
}

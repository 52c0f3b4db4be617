package dev.davy.runtime;

import dev.davy.runtime.ort.Values;
import java.util.concurrent.atomic.AtomicBoolean;

/// What ONNX Runtime made for a tensor, released once.
final class NativeTensor implements AutoCloseable {
    private final long handle;
    private final AtomicBoolean released = new AtomicBoolean();

    NativeTensor(long handle) {
        this.handle = handle;
    }

    long handle() {
        return handle;
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) Values.release(handle);
    }
}

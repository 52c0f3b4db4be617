package dev.davy.storage;

import java.nio.file.Path;

/// SQLite's native library.
final class NativeSqlite {
    private NativeSqlite() {}

    static void unpackInto(Path natives) {}
}

package dev.davy.registry;

import dev.davy.storage.Blobs;
import dev.davy.storage.DataFolder;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A registry in a temporary folder, as it is in a server.
final class Registry implements AutoCloseable {
    final Path home;
    final DataFolder folder;
    final Models models;
    final Events events;
    private int files;

    Registry(Path home, Database database) {
        this.home = home;
        this.folder = DataFolder.open(home.resolve("data"));
        var blobs = new Blobs(folder.blobs(), folder.temporary());
        var clock = InstantSource.system();
        this.models = new Models(folder, database, blobs, new Ids(0, clock), clock, Limits.DEFAULT);
        this.events = new Events(database);
    }

    ModelVersion push(String name, byte[] file) {
        return pushed(name, file).version();
    }

    Models.Pushed pushed(String name, byte[] file) {
        try {
            return models.push(name, file(file), "ada", "for a test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized Path file(byte[] content) throws IOException {
        return Files.write(home.resolve("file" + files++), content);
    }

    /// Oldest first.
    List<Event> events(String name) {
        return events.of("model", name, Optional.empty(), 1_000).reversed();
    }

    long blobs() throws IOException {
        return count(folder.blobs());
    }

    long temporaryFiles() throws IOException {
        return count(folder.temporary());
    }

    static byte[] zip(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long count(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder)).count();
        }
    }

    @Override
    public void close() {
        folder.close();
    }
}

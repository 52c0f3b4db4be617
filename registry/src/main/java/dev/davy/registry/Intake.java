package dev.davy.registry;

import dev.davy.registry.ModelTable.Stored;
import dev.davy.runtime.Bundle;
import dev.davy.runtime.Trial;
import dev.davy.storage.Blobs;
import dev.davy.storage.Database;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// How a bundle comes in: unpacked, read, tried, its files kept, and only then told of.
final class Intake {
    /// What is asked for.
    ///
    /// @param number that the version must get, if the caller counts on one
    record Order(String model, OptionalInt number, String who, String why) {}

    /// What came of it.
    ///
    /// @param isNew false when the same bundle was there already
    record Taken(Stored row, boolean isNew) {}

    /// Writes an event.
    interface Telling {
        void record(
                Handle handle, String model, String what, String who, String why, JsonNode detail);
    }

    private final Database database;
    private final Blobs blobs;
    private final Path temporary;
    private final InstantSource clock;
    private final Telling events;
    private final Limits limits;

    Intake(
            Database database,
            Blobs blobs,
            Path temporary,
            InstantSource clock,
            Telling events,
            Limits limits) {
        this.database = database;
        this.blobs = blobs;
        this.temporary = temporary;
        this.clock = clock;
        this.events = events;
        this.limits = limits;
    }

    Taken take(Order order, Path fileOrFolder) throws IOException {
        try (var parcel = Parcel.open(fileOrFolder, temporary, limits)) {
            var digest = parcel.files().digest();
            var known = database.read(handle -> known(handle, order, digest));
            if (known.isPresent()) return new Taken(known.get(), false);
            var bundle = Bundle.read(parcel.root(), limits);
            var report = Trial.run(bundle, limits);
            // Synced before the transaction that tells of them: a version without its files would
            // be
            // worse than files without a version.
            keep(parcel);
            return database.write(handle -> {
                // Somebody may have pushed the same while we tried it.
                var meanwhile = known(handle, order, digest);
                if (meanwhile.isPresent()) return new Taken(meanwhile.get(), false);
                int number = ModelTable.next(handle, order.model);
                var row = row(order, number, parcel.files(), bundle, report);
                ModelTable.insert(handle, row);
                tell(handle, row);
                return new Taken(row, true);
            });
        }
    }

    /// The version that this bundle is already, if it is one.
    private static Optional<Stored> known(Handle handle, Order order, String digest) {
        var known = ModelTable.withDigest(handle, order.model, digest);
        int would =
                known.map(Stored::version).orElseGet(() -> ModelTable.next(handle, order.model));
        if (order.number.isPresent() && order.number.getAsInt() != would)
            throw Refusals.versionTaken(order.model, order.number.getAsInt(), would);
        return known;
    }

    private void keep(Parcel parcel) {
        for (var file : parcel.files().digests().entrySet()) {
            var digest = blobs.put(BundleFiles.file(parcel.root(), file.getKey()));
            if (!digest.equals(file.getValue())) throw Refusals.changedMeanwhile(file.getKey());
        }
    }

    private Stored row(
            Order order, int number, BundleFiles files, Bundle bundle, Trial.Report report) {
        return new Stored(
                order.model,
                number,
                files.digest(),
                files.digests(),
                files.bytes(),
                bundle.json(),
                report.json(),
                Models.now(clock),
                order.who,
                order.why,
                Optional.empty(),
                false);
    }

    private void tell(Handle handle, Stored row) {
        var detail = Json.object().put("version", row.version()).put("digest", row.digest());
        detail.put("bytes", row.bytes()).set("files", Json.tree(row.files()));
        events.record(handle, row.model(), "registered", row.who(), row.why(), detail);
    }
}

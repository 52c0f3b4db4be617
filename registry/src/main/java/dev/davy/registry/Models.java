package dev.davy.registry;

import dev.davy.registry.ModelTable.Stored;
import dev.davy.runtime.Bundle;
import dev.davy.runtime.Trial;
import dev.davy.stats.Profile;
import dev.davy.storage.Blobs;
import dev.davy.storage.DataFolder;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// Keeps models: takes in new versions, moves aliases, and lays out files for whoever loads them.
///
/// Everything is on disk when a method returns, with its event in the same transaction.
public final class Models {
    private static final String KIND = "model";
    private static final int WHY_MAX = 2_000;

    /// What came of a push.
    ///
    /// @param isNew false when the same bundle was there already: then it is that version
    public record Pushed(ModelVersion version, boolean isNew) {}

    /// Says who needs a version, so that nobody deletes it.
    public interface Uses {
        /// What uses it, in words that go into a message: `endpoint 'phone-inspection'`.
        ///
        /// @param handle of the transaction that would delete it: what it reads stays so
        List<String> of(Handle handle, String model, int version);
    }

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Limits limits;
    private final Materials materials;
    private final Intake intake;
    private final List<Uses> uses = new CopyOnWriteArrayList<>();

    // A bundle never changes: read once per digest. Some kilobytes each, without the model itself.
    private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();

    public Models(
            DataFolder folder,
            Database database,
            Blobs blobs,
            Ids ids,
            InstantSource clock,
            Limits limits) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
        this.materials = new Materials(folder.file("models"), folder.temporary(), blobs);
        this.intake = new Intake(database, blobs, folder.temporary(), clock, this::record, limits);
    }

    /// Before a version is deleted, these are asked, too.
    public void protect(Uses uses) {
        this.uses.add(uses);
    }

    /// Takes in a bundle as the next version.
    public Pushed push(String model, Path fileOrFolder, String who, String why) throws IOException {
        return push(model, fileOrFolder, OptionalInt.empty(), who, why);
    }

    /// Takes in a bundle: a folder, a zip or tar.gz of one, or a single model file. It is read,
    /// tried in a child process, and only then kept; a refused one leaves nothing behind.
    ///
    /// @param number that the version must get, if the caller counts on one
    /// @throws dev.davy.strict.Problem MALFORMED `name-not-allowed`; UNACCEPTABLE with all that is
    ///   wrong with the bundle, or with what its model did in the trial; CONFLICT `version-taken`
    public Pushed push(String model, Path fileOrFolder, OptionalInt number, String who, String why)
            throws IOException {
        Names.check(KIND, model);
        checkWhy(why);
        var taken = intake.take(new Intake.Order(model, number, who, why), fileOrFolder);
        return new Pushed(whole(taken.row()), taken.isNew());
    }

    /// All models that have a version, by name.
    List<ModelTable.Summary> summaries() {
        return database.read(ModelTable::summaries);
    }

    /// The names of all models that have a version.
    public List<String> names() {
        return summaries().stream().map(ModelTable.Summary::model).toList();
    }

    /// All versions of a model, newest first.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `model-unknown`
    public List<ModelVersion> versions(String model) {
        return stored(model).stream().map(this::whole).toList();
    }

    /// Without their bundles, for lists.
    List<Stored> stored(String model) {
        return database.read(handle -> {
            var versions = ModelTable.versions(handle, model);
            if (versions.isEmpty() && !ModelTable.isKnown(handle, model))
                throw Refusals.modelUnknown(model);
            return versions;
        });
    }

    /// @throws dev.davy.strict.Problem NOT_FOUND `model-unknown`, `version-unknown`; GONE
    ///   `version-deleted`
    public ModelVersion version(String model, int version) {
        return whole(database.read(handle -> present(handle, model, version)));
    }

    /// Throws what [#version] throws if the version is not there. For a transaction that is about
    /// to refer to it: until it ends, nobody deletes the version.
    public static void mustExist(Handle handle, String model, int version) {
        present(handle, model, version);
    }

    /// The version that `scratch/7` or `scratch@champion` means now. For whoever is going to load
    /// it: its files have just been checked against their digests.
    ///
    /// @throws dev.davy.strict.Problem MALFORMED `model-reference-malformed`; NOT_FOUND
    ///   `model-unknown`, `version-unknown`, `alias-unknown`; GONE `version-deleted`; UNAVAILABLE
    ///   `model-file-damaged`
    public ModelVersion resolve(String reference) {
        var parts = Reference.parse(reference);
        var row = database.read(handle -> resolve(handle, parts));
        lay(row);
        return whole(row);
    }

    private static Stored resolve(Handle handle, Reference reference) {
        return switch (reference) {
            case Reference.Numbered(var model, int version) -> present(handle, model, version);
            case Reference.Aliased(var model, var name) -> {
                if (!ModelTable.isKnown(handle, model)) throw Refusals.modelUnknown(model);
                var alias = ModelTable.alias(handle, model, name);
                yield present(
                        handle,
                        model,
                        alias.orElseThrow(() ->
                                        Refusals.aliasUnknown(
                                                model, name, ModelTable.aliases(handle, model)))
                                .version());
            }
        };
    }

    /// The model's aliases, by name.
    public List<Alias> aliases(String model) {
        return database.read(handle -> ModelTable.aliases(handle, model));
    }

    public Optional<Alias> alias(String model, String alias) {
        return database.read(handle -> ModelTable.alias(handle, model, alias));
    }

    /// Points an alias at a version.
    ///
    /// @throws dev.davy.strict.Problem PRECONDITION `alias-has-moved` when it is not as expected
    public Alias move(
            String model, String alias, int version, Expected expected, String who, String why) {
        Names.check("alias", alias);
        checkWhy(why);
        return database.write(handle -> {
            present(handle, model, version);
            var before = ModelTable.alias(handle, model, alias);
            Refusals.check(expected, before, model, alias);
            long revision = ModelTable.nextRevision(handle, model, alias);
            var after = new Alias(model, alias, version, revision, now(clock), who, why);
            ModelTable.put(handle, after);
            var detail = Json.object().put("alias", alias).put("version", version);
            before.ifPresent(was -> detail.put("from", was.version()));
            record(handle, model, "alias-moved", who, why, detail.put("revision", revision));
            return after;
        });
    }

    /// Removes an alias.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `alias-unknown`; PRECONDITION `alias-has-moved`
    public void dropAlias(String model, String alias, Expected expected, String who, String why) {
        checkWhy(why);
        database.write(handle -> {
            var before = ModelTable.alias(handle, model, alias);
            Refusals.check(expected, before, model, alias);
            if (before.isEmpty())
                throw Refusals.aliasUnknown(model, alias, ModelTable.aliases(handle, model));
            long revision = ModelTable.nextRevision(handle, model, alias);
            int version = before.get().version();
            ModelTable.drop(
                    handle, new Alias(model, alias, version, revision, now(clock), who, why));
            var detail = Json.object().put("alias", alias).put("from", version);
            record(handle, model, "alias-dropped", who, why, detail.put("revision", revision));
            return revision;
        });
    }

    /// Takes a version out of use for ever. Its number stays taken and its events stay.
    ///
    /// @throws dev.davy.strict.Problem CONFLICT `version-in-use` naming the aliases and users
    public void delete(String model, int version, String who, String why) throws IOException {
        checkWhy(why);
        var unused =
                database.write(handle -> {
                    var row = present(handle, model, version);
                    var users = new ArrayList<String>();
                    for (var alias : ModelTable.aliases(handle, model))
                        if (alias.version() == version) users.add("alias '" + alias.name() + "'");
                    for (var each : uses) users.addAll(each.of(handle, model, version));
                    if (!users.isEmpty()) throw Refusals.inUse(model, version, users);
                    ModelTable.setDeleted(handle, model, version, now(clock));
                    var detail = Json.object().put("version", version);
                    detail.put("digest", row.digest());
                    record(handle, model, "deleted", who, why, detail);
                    return ModelTable.digestIsUsed(handle, row.digest())
                            ? Optional.<String>empty()
                            : Optional.of(row.digest());
                });
        if (unused.isEmpty()) return;
        bundles.remove(unused.get());
        materials.remove(unused.get());
    }

    /// Whether a file of this digest belongs to a version that was not deleted.
    public boolean usesFile(String digest) {
        return database.read(handle ->
                handle.createQuery(
                                        "SELECT count(*) FROM model_version WHERE files LIKE :part AND deleted_at IS NULL")
                                .bind("part", "%" + digest + "%")
                                .mapTo(Long.class)
                                .one()
                        > 0);
    }

    /// Stores what the model's input and output looked like in training, read from a table with the
    /// model's columns. A later one replaces it.
    ///
    /// @throws dev.davy.strict.Problem what [ReferenceTable#read] throws
    public ReferenceTable reference(
            String model, int version, InputStream csv, String fileName, String who, String why)
            throws IOException {
        checkWhy(why);
        var table = ReferenceTable.read(csv, fileName, version(model, version).bundle(), limits);
        return database.write(handle -> {
            present(handle, model, version);
            ModelTable.setReference(handle, model, version, table.profile().json());
            var detail = Json.object().put("version", version);
            detail.put("rows", table.accepted()).put("rejected", table.rejected());
            record(handle, model, "reference-set", who, why, detail);
            return table;
        });
    }

    /// A folder with the version's files under their own names, checked against their digests; for
    /// reading only. The same folder each time.
    ///
    /// @throws dev.davy.strict.Problem UNAVAILABLE `model-file-damaged`
    public Path materialise(ModelVersion version) throws IOException {
        return materials.folder(version.digest(), version.files());
    }

    private static Stored present(Handle handle, String model, int version) {
        var row = ModelTable.version(handle, model, version);
        if (row.isPresent() && !row.get().deleted()) return row.get();
        if (row.isPresent()) throw Refusals.versionDeleted(model, version);
        if (!ModelTable.isKnown(handle, model)) throw Refusals.modelUnknown(model);
        throw Refusals.versionUnknown(model, version, ModelTable.next(handle, model) - 1);
    }

    private ModelVersion whole(Stored row) {
        return new ModelVersion(
                row.model(),
                row.version(),
                row.digest(),
                row.files(),
                bundles.computeIfAbsent(row.digest(), _ -> bundle(row)),
                Trial.Report.read(row.trial()),
                row.at(),
                row.who(),
                row.why(),
                row.reference().map(Profile::read));
    }

    private Bundle bundle(Stored row) {
        return Bundle.read(lay(row), limits);
    }

    private Path lay(Stored row) {
        try {
            return materials.folder(row.digest(), row.files());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void record(
            Handle handle, String model, String what, String who, String why, JsonNode detail) {
        // Made within the transaction: the order of ids is the order of changes.
        Events.record(
                handle, new Event(ids.next(), now(clock), KIND, model, what, who, why, detail));
    }

    static Instant now(InstantSource clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void checkWhy(String why) {
        if (why.length() > WHY_MAX) throw Refusals.whyTooLong(WHY_MAX);
    }
}

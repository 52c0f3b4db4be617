package dev.davy.registry;

import dev.davy.stats.Profile;
import dev.davy.storage.Blobs;
import dev.davy.storage.DataFolder;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Keeps models: takes in new versions, moves aliases, and lays out files for whoever loads them.
///
/// Everything is on disk when a method returns, with its event in the same transaction.
@SuppressWarnings("DoNotCallSuggester")
public final class Models {
    /// What came of a push.
    ///
    /// @param isNew false when the same bundle was there already: then it is that version
    public record Pushed(ModelVersion version, boolean isNew) {}

    /// Says who needs a version, so that nobody deletes it.
    public interface Uses {
        /// What uses it, in words that go into a message: `endpoint 'phone-inspection'`.
        List<String> of(String model, int version);
    }

    public Models(
            DataFolder folder,
            Database database,
            Blobs blobs,
            Ids ids,
            InstantSource clock,
            Limits limits) {}

    /// Before a version is deleted, these are asked, too.
    public void protect(Uses uses) {
        throw new IllegalStateException("not there yet");
    }

    /// Takes in a bundle: a folder, a zip or tar.gz of one, or a single model file. It is read,
    /// tried in a child process, and only then kept; a refused one leaves nothing behind.
    ///
    /// @throws dev.davy.strict.Problem MALFORMED `name-not-allowed`; UNACCEPTABLE with all that is
    ///   wrong with the bundle, or with what its model did in the trial
    public Pushed push(String model, Path fileOrFolder, String who, String why)
            throws IOException, InterruptedException {
        throw new IllegalStateException("not there yet");
    }

    /// The names of all models that have a version.
    public List<String> names() {
        throw new IllegalStateException("not there yet");
    }

    /// All versions of a model, newest first.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `model-unknown`
    public List<ModelVersion> versions(String model) {
        throw new IllegalStateException("not there yet");
    }

    /// @throws dev.davy.strict.Problem NOT_FOUND `model-unknown`, `version-unknown`; GONE
    ///   `version-deleted`
    public ModelVersion version(String model, int version) {
        throw new IllegalStateException("not there yet");
    }

    /// The version that `scratch/7` or `scratch@champion` means now.
    ///
    /// @throws dev.davy.strict.Problem MALFORMED `model-reference-malformed`; NOT_FOUND
    ///   `model-unknown`, `version-unknown`, `alias-unknown`; GONE `version-deleted`
    public ModelVersion resolve(String reference) {
        throw new IllegalStateException("not there yet");
    }

    /// The model's aliases, by name.
    public List<Alias> aliases(String model) {
        throw new IllegalStateException("not there yet");
    }

    public Optional<Alias> alias(String model, String alias) {
        throw new IllegalStateException("not there yet");
    }

    /// Points an alias at a version.
    ///
    /// @throws dev.davy.strict.Problem PRECONDITION `alias-has-moved` when it is not as expected
    public Alias move(
            String model, String alias, int version, Expected expected, String who, String why) {
        throw new IllegalStateException("not there yet");
    }

    /// Removes an alias.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `alias-unknown`; PRECONDITION `alias-has-moved`;
    ///   CONFLICT `alias-in-use`
    public void dropAlias(String model, String alias, Expected expected, String who, String why) {
        throw new IllegalStateException("not there yet");
    }

    /// Takes a version out of use for ever. Its number stays taken and its events stay.
    ///
    /// @throws dev.davy.strict.Problem CONFLICT `version-in-use` naming the aliases and users
    public void delete(String model, int version, String who, String why) {
        throw new IllegalStateException("not there yet");
    }

    /// Stores what the model's input and output looked like in training, read from a table with the
    /// model's columns.
    public Profile reference(
            String model, int version, InputStream csv, String fileName, String who, String why)
            throws IOException {
        throw new IllegalStateException("not there yet");
    }

    /// A folder with the version's files under their own names, checked against their digests; for
    /// reading only. The same folder each time.
    ///
    /// @throws dev.davy.strict.Problem UNAVAILABLE `model-file-damaged`
    public Path materialise(ModelVersion version) throws IOException {
        throw new IllegalStateException("not there yet");
    }
}

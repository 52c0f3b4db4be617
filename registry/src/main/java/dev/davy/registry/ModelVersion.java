package dev.davy.registry;

import dev.davy.runtime.Bundle;
import dev.davy.runtime.Trial;
import dev.davy.stats.Profile;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/// An immutable version of a model: what was pushed, and what was found out about it. Only its
/// reference profile may come later.
///
/// @param version counts from 1 within the model; never given twice, not even after a delete
/// @param digest SHA-256 over the files' names and digests: the same bundle, the same digest
/// @param files digests by file name
/// @param bundle read from files of ours: [Bundle#model] may be loaded
/// @param trial what the model did when it was tried, before it was let in
/// @param who pushed it
/// @param why in their words; may be empty
/// @param reference what its input and output looked like in training, where somebody said so
public record ModelVersion(
        String model,
        int version,
        String digest,
        SortedMap<String, String> files,
        Bundle bundle,
        Trial.Report trial,
        Instant at,
        String who,
        String why,
        Optional<Profile> reference) {

    public ModelVersion {
        if (version < 1) throw new IllegalArgumentException("version is " + version);
    }

    /// `scratch/7`: what [Models#resolve] takes.
    public String address() {
        return model + "/" + version;
    }
}

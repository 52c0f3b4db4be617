package dev.davy.serving;

import dev.davy.schema.Output;
import dev.davy.schema.Schema;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts routings together: loads what is not loaded yet, and takes over from the routing before
/// what is.
final class Assembler {
    private static final Logger LOGGER = LoggerFactory.getLogger(Assembler.class);

    private final Loader loader;

    Assembler(Loader loader) {
        this.loader = loader;
    }

    /// A routing in which all of an endpoint's arms are loaded and warm. What was loaded for it is
    /// closed again when something goes wrong.
    ///
    /// @param before what callers see now
    /// @param strict whether a candidate that can't be loaded is a problem; otherwise live answers
    ///   for it
    /// @throws Problem when something in it does not fit or can't be loaded
    Routing assembled(
            Endpoint endpoint,
            EndpointTable.Stored wanted,
            Optional<Routing> before,
            boolean strict) {
        if (endpoint.external()) {
            var outputs = endpoint.output().stream().map(Endpoint.DeclaredOutput::output).toList();
            var shape =
                    Shape.of(endpoint, endpoint.input().orElseThrow(), outputs, Optional.empty());
            return routing(endpoint, shape, wanted.epoch(), List.of(), before);
        }
        var made = new ArrayList<Program>();
        try {
            var reusable = before.filter(each -> each.endpoint().sameModels(endpoint));
            var live = arm(endpoint, wanted.live(), wanted.isolated(), reusable, made);
            var arms = new ArrayList<Arm>();
            int left = Assignment.BUCKETS;
            // The candidate has the lowest buckets, so that a share that rises keeps its keys.
            if (wanted.beside().isPresent()) {
                var beside = wanted.beside().get();
                var candidate = candidate(endpoint, live, wanted, reusable, made, strict);
                if (candidate.isPresent()) {
                    arms.add(candidate.get());
                    left -= beside.buckets();
                }
            }
            arms.add(Arm.live(live.program(), left, wanted.isolated()));
            if (!wanted.kept().isEmpty())
                arms.add(Arm.kept(arm(endpoint, wanted.kept(), false, reusable, made).program()));
            return routing(endpoint, live.shape(), wanted.epoch(), arms, before);
        } catch (RuntimeException e) {
            for (var program : made) program.models().forEach(LoadedModel::close);
            throw e;
        }
    }

    private Optional<Arm> candidate(
            Endpoint endpoint,
            Loader.Loaded live,
            EndpointTable.Stored wanted,
            Optional<Routing> reusable,
            List<Program> made,
            boolean strict) {
        var beside = wanted.beside().orElseThrow();
        var versions = new LinkedHashMap<>(wanted.live());
        versions.putAll(beside.versions());
        try {
            var loaded = arm(endpoint, versions, true, reusable, made);
            Fitting.check(endpoint, live, loaded);
            return Optional.of(
                    new Arm(
                            Arm.Role.CANDIDATE,
                            loaded.program(),
                            beside.buckets(),
                            beside.shadow(),
                            true));
        } catch (Problem problem) {
            if (strict) throw problem;
            LOGGER.warn(
                    "the candidate of {} can't be loaded; live answers for it: {}",
                    endpoint.name(),
                    problem.getMessage());
            return Optional.empty();
        }
    }

    /// What answers with these versions: taken over, or loaded.
    private Loader.Loaded arm(
            Endpoint endpoint,
            Map<String, String> versions,
            boolean isolated,
            Optional<Routing> before,
            List<Program> made) {
        if (before.isPresent())
            for (var arm : before.get().arms())
                if (arm.isolated() == isolated && arm.program().versions().equals(versions))
                    return new Loader.Loaded(arm.program(), before.get().shape());
        var loaded = loader.load(endpoint, versions, isolated);
        made.add(loaded.program());
        return loaded;
    }

    /// Known, and answering nothing.
    Routing unloaded(Endpoint endpoint, long epoch, Optional<Routing> before) {
        var shape =
                before.map(Routing::shape)
                        .orElseGet(() ->
                                Shape.of(
                                        endpoint,
                                        endpoint.input().orElse(new Schema(List.of())),
                                        List.<Output>of(),
                                        Optional.empty()));
        return routing(endpoint, shape, epoch, List.of(), before);
    }

    private static Routing routing(
            Endpoint endpoint, Shape shape, long epoch, List<Arm> arms, Optional<Routing> before) {
        return new Routing(
                endpoint,
                shape,
                epoch,
                arms,
                before.map(Routing::statistics).orElseGet(Statistics::new),
                new BlobBudget(endpoint.capture().blobBytesPerSecond(), System.nanoTime()),
                before.map(Routing::automation).orElse(Automation.FULL));
    }
}

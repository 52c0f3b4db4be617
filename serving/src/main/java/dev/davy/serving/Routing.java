package dev.davy.serving;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How one endpoint's keys are shared among its arms, at one epoch. Immutable, but for what it
/// counts.
public final class Routing {

    private final Endpoint endpoint;
    private final Shape shape;
    private final long epoch;
    private final List<Arm> arms;
    private final Statistics statistics;
    private final BlobBudget blobs;
    private final byte[] endpointUtf8;
    private final byte[] firstComponentUtf8;
    private final @Nullable Arm only;
    private final @Nullable Arm shadow;

    /// @param epoch counts the changes of this endpoint's routing; each prediction carries it
    /// @param arms the buckets from 0 up belong to the arms in this order; they sum to
    ///   [Assignment#BUCKETS]; none: it is not loaded
    Routing(
            Endpoint endpoint,
            Shape shape,
            long epoch,
            List<Arm> arms,
            Statistics statistics,
            BlobBudget blobs) {
        this.endpoint = endpoint;
        this.shape = shape;
        this.epoch = epoch;
        this.arms = List.copyOf(arms);
        this.statistics = statistics;
        this.blobs = blobs;
        int sum = arms.stream().mapToInt(Arm::buckets).sum();
        if (!arms.isEmpty() && sum != Assignment.BUCKETS)
            throw new IllegalArgumentException(
                    "the arms of "
                            + endpoint.name()
                            + " share "
                            + sum
                            + " of "
                            + Assignment.BUCKETS
                            + " buckets");
        endpointUtf8 = endpoint.name().getBytes(StandardCharsets.UTF_8);
        var first = endpoint.pipeline().isEmpty() ? "" : endpoint.pipeline().getFirst().name();
        firstComponentUtf8 = first.getBytes(StandardCharsets.UTF_8);
        only =
                arms.stream()
                        .filter(arm -> arm.buckets() == Assignment.BUCKETS)
                        .findFirst()
                        .orElse(null);
        shadow = arms.stream().filter(arm -> arm.shadow() > 0).findFirst().orElse(null);
    }

    /// The same routing, counting for itself: for trying it out.
    Routing rehearsal() {
        var budget = new BlobBudget(endpoint.capture().blobBytesPerSecond(), System.nanoTime());
        return new Routing(endpoint, shape, epoch, arms, new Statistics(), budget);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public Shape shape() {
        return shape;
    }

    public long epoch() {
        return epoch;
    }

    public List<Arm> arms() {
        return arms;
    }

    public Statistics statistics() {
        return statistics;
    }

    BlobBudget blobs() {
        return blobs;
    }

    byte[] endpointUtf8() {
        return endpointUtf8;
    }

    byte[] firstComponentUtf8() {
        return firstComponentUtf8;
    }

    /// Whether anything answers.
    public boolean ready() {
        return !arms.isEmpty();
    }

    /// The arm that a key is assigned to.
    public Arm armOf(String key) {
        if (only != null) return only;
        int bucket = Assignment.bucket(endpoint.name(), key);
        for (var arm : arms) {
            if (bucket < arm.buckets()) return arm;
            bucket -= arm.buckets();
        }
        throw new IllegalStateException("nothing answers at " + endpoint.name());
    }

    /// The arm that all keys are assigned to, when there is one.
    public @Nullable Arm only() {
        return only;
    }

    /// The arm that answers beside live into the log, when there is one.
    public @Nullable Arm shadow() {
        return shadow;
    }

    /// The arm in some role.
    public Optional<Arm> arm(Arm.Role role) {
        return arms.stream().filter(arm -> arm.role() == role).findFirst();
    }

    /// The arm in the live role.
    public Optional<Arm> live() {
        return arm(Arm.Role.LIVE);
    }
}

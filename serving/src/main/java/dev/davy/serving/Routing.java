package dev.davy.serving;

import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// How one endpoint's keys are shared among its arms, at one epoch. Immutable, but for what it
/// counts.
public final class Routing {

    /// Left for another arm to answer for one that failed: a child is given a quarter of a second
    /// to end a run before it is killed.
    private static final long LEAST_RESERVE = 300_000_000;

    private final Endpoint endpoint;
    private final Shape shape;
    private final long epoch;
    private final List<Arm> arms;
    private final Statistics statistics;
    private final BlobBudget blobs;
    private final Automation automation;
    private final byte[] endpointUtf8;
    private final byte[] firstComponentUtf8;
    private final @Nullable Arm only;
    private final @Nullable Arm shadow;
    private final boolean waits;

    /// @param epoch counts the changes of this endpoint's routing; each prediction carries it
    /// @param automation who decides what the arms answer
    /// @param arms the buckets from 0 up belong to the arms in this order; they sum to
    ///   [Assignment#BUCKETS]; none: it is not loaded
    Routing(
            Endpoint endpoint,
            Shape shape,
            long epoch,
            List<Arm> arms,
            Statistics statistics,
            BlobBudget blobs,
            Automation automation) {
        this.endpoint = endpoint;
        this.shape = shape;
        this.epoch = epoch;
        this.arms = List.copyOf(arms);
        this.statistics = statistics;
        this.blobs = blobs;
        this.automation = automation;
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
        waits = arms.stream().anyMatch(arm -> arm.buckets() > 0 && arm.isolated());
        shadow = arms.stream().filter(arm -> arm.shadow() > 0).findFirst().orElse(null);
    }

    /// The same routing, counting for itself: for trying it out.
    Routing rehearsal() {
        var budget = new BlobBudget(endpoint.capture().blobBytesPerSecond(), System.nanoTime());
        return new Routing(endpoint, shape, epoch, arms, new Statistics(), budget, Automation.FULL);
    }

    /// The same with others who decide.
    Routing with(Automation other) {
        return new Routing(endpoint, shape, epoch, arms, statistics, blobs, other);
    }

    /// Who decides what the arms answer.
    public Automation automation() {
        return automation;
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
    ///
    /// @param key null: there is nothing to tell this request from others by, so the dice decide
    public Arm armOf(@Nullable String key) {
        if (only != null) return only;
        int bucket =
                key == null
                        ? ThreadLocalRandom.current().nextInt(Assignment.BUCKETS)
                        : Assignment.bucket(endpoint.name(), key);
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

    /// Whether some arm runs in a child process, so that its answer has to be waited for.
    boolean waits() {
        return waits;
    }

    /// Who answers when an arm failed: live for a candidate, and what was live before for one that
    /// was promoted and still has to prove itself.
    Optional<Arm> insteadOf(Arm failed) {
        if (failed.role() == Arm.Role.CANDIDATE) return live();
        return failed.isolated() ? arm(Arm.Role.KEPT) : Optional.empty();
    }

    /// When an arm must have answered: one that another would answer for leaves it time to.
    long untilNanos(Arm arm, long nowNanos, long deadlineNanos) {
        if (arms.size() == 1) return deadlineNanos;
        var next = insteadOf(arm);
        if (next.isEmpty()) return deadlineNanos;
        long left = deadlineNanos - nowNanos;
        long needed = LEAST_RESERVE + 10 * next.get().program().runNanos();
        return deadlineNanos - Math.min(left / 2, needed);
    }

    /// The arm that answers beside live into the log, when there is one.
    public @Nullable Arm shadow() {
        return shadow;
    }

    /// The arm in some role.
    public Optional<Arm> arm(Arm.Role role) {
        return arms.stream().filter(arm -> arm.role() == role).findFirst();
    }

    /// The arm that a tester asks for.
    ///
    /// @throws Problem UNACCEPTABLE `arm-unknown`
    public Arm pinned(Arm.Role role) {
        return arm(role)
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.UNACCEPTABLE,
                                "arm-unknown",
                                "Endpoint '"
                                        + endpoint.name()
                                        + "' has no arm '"
                                        + role.word()
                                        + "'.",
                                "Its arms are "
                                        + arms.stream().map(arm -> arm.role().word()).toList()
                                        + ".",
                                "Leave the pin out, or name one of these."));
    }

    /// The arm in the live role.
    public Optional<Arm> live() {
        return arm(Arm.Role.LIVE);
    }
}

package dev.davy.rollout;

import dev.davy.stats.quality.McNemar;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a shadow said beside live: how often they agree, who says what where they don't, and the
/// last times they did not. For one thread.
final class Shadows {
    /// Of the last disagreements.
    static final int LAST = 200;

    /// Pairs of answers that are counted apart; what is said in other words goes to `other`.
    private static final int ANSWERS_MOST = 400;

    /// Numbers that differ by less, as a part of the larger, agree.
    private static final double NEAR = 0.01;

    private static final String OTHER = "other";

    private long asked;
    private long agreed;
    private long failed;
    private double confidenceGained;
    private long confidences;
    private final TreeMap<String, TreeMap<String, Long>> said = new TreeMap<>();
    private int answers;
    private final ArrayDeque<Disagreement> last = new ArrayDeque<>();
    private final TreeMap<String, long[]> bySlice = new TreeMap<>();
    private McNemar right = McNemar.NONE;

    /// Live and shadow said different things of one request.
    ///
    /// @param failure the code of why the shadow said nothing; empty: it did
    record Disagreement(
            UUID prediction, Instant at, String live, String shadow, Optional<String> failure) {}

    /// One request that both answered.
    ///
    /// @param live by output, as `outputs` of the shadow
    record Pair(
            UUID prediction,
            Instant at,
            Map<String, ? extends @Nullable Object> live,
            Map<String, ? extends @Nullable Object> outputs,
            OptionalDouble liveConfidence,
            OptionalDouble confidence,
            Optional<String> failure) {}

    /// All so far.
    ///
    /// @param agreed of those asked
    /// @param failed of those asked
    /// @param confidenceGained the shadow's mean confidence less live's; empty where either has
    ///   none
    /// @param said what live said, and how often the shadow said what then
    /// @param last disagreements, newest first
    /// @param bySlice of each slice how many were asked, and of these agreed
    /// @param right whom the truth proved right, live first
    record Summary(
            long asked,
            long agreed,
            long failed,
            OptionalDouble confidenceGained,
            Map<String, Map<String, Long>> said,
            List<Disagreement> last,
            Map<String, Agreed> bySlice,
            McNemar right) {}

    /// So many were asked, and so many agreed.
    record Agreed(long asked, long agreed) {}

    /// The truth has come of one that both answered.
    void told(boolean live, boolean shadow) {
        right = right.plus(live, shadow);
    }

    /// One that is in a slice.
    void in(String slice, boolean same) {
        var counts = bySlice.computeIfAbsent(slice, _ -> new long[2]);
        counts[0]++;
        if (same) counts[1]++;
    }

    /// @return whether they agree
    boolean add(Pair pair) {
        asked++;
        if (pair.failure().isPresent()) failed++;
        boolean same = pair.failure().isEmpty() && agree(pair.live(), pair.outputs());
        if (same) agreed++;
        if (pair.confidence().isPresent() && pair.liveConfidence().isPresent()) {
            confidences++;
            confidenceGained +=
                    pair.confidence().getAsDouble() - pair.liveConfidence().getAsDouble();
        }
        var live = shown(pair.live());
        var shadow = pair.failure().map(code -> "failed: " + code).orElse(shown(pair.outputs()));
        count(live, shadow);
        if (!same) {
            last.addFirst(
                    new Disagreement(pair.prediction(), pair.at(), live, shadow, pair.failure()));
            if (last.size() > LAST) last.removeLast();
        }
        return same;
    }

    private void count(String live, String shadow) {
        var known = said.get(live);
        boolean isNew = known == null || !known.containsKey(shadow);
        if (isNew && answers == ANSWERS_MOST) {
            said.computeIfAbsent(OTHER, _ -> new TreeMap<>()).merge(OTHER, 1L, Long::sum);
            return;
        }
        if (isNew) answers++;
        said.computeIfAbsent(live, _ -> new TreeMap<>()).merge(shadow, 1L, Long::sum);
    }

    static boolean agree(
            Map<String, ? extends @Nullable Object> live,
            Map<String, ? extends @Nullable Object> shadow) {
        return live.keySet().equals(shadow.keySet())
                && live.keySet().stream()
                        .allMatch(output -> agree(live.get(output), shadow.get(output)));
    }

    static boolean agree(@Nullable Object live, @Nullable Object shadow) {
        if (live instanceof Number a && shadow instanceof Number b) {
            double larger = Math.max(Math.abs(a.doubleValue()), Math.abs(b.doubleValue()));
            return Math.abs(a.doubleValue() - b.doubleValue()) <= NEAR * larger;
        }
        return java.util.Objects.equals(live, shadow);
    }

    static String shown(Map<String, ? extends @Nullable Object> outputs) {
        var parts = new ArrayList<String>();
        outputs.forEach((output, value) -> {
            var text = value == null ? "nothing" : rounded(value);
            parts.add(outputs.size() == 1 ? text : output + ": " + text);
        });
        var text = String.join(", ", parts);
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private static String rounded(Object value) {
        return value instanceof Double number && number != Math.rint(number)
                ? String.format(java.util.Locale.ROOT, "%.3g", number)
                : Measure.text(value);
    }

    Summary summary() {
        return new Summary(
                asked,
                agreed,
                failed,
                confidences == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(confidenceGained / confidences),
                said.entrySet().stream()
                        .collect(
                                java.util.stream.Collectors.toMap(
                                        Map.Entry::getKey, each -> Map.copyOf(each.getValue()))),
                List.copyOf(last),
                bySlice.entrySet().stream()
                        .collect(
                                java.util.stream.Collectors.toMap(
                                        Map.Entry::getKey,
                                        each ->
                                                new Agreed(
                                                        each.getValue()[0], each.getValue()[1]))),
                right);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(asked);
        out.writeLong(agreed);
        out.writeLong(failed);
        out.writeDouble(confidenceGained);
        out.writeLong(confidences);
        out.writeInt(answers);
        for (var live : said.entrySet())
            for (var shadow : live.getValue().entrySet()) {
                out.writeBoolean(true);
                out.writeUTF(live.getKey());
                out.writeUTF(shadow.getKey());
                out.writeLong(shadow.getValue());
            }
        out.writeBoolean(false);
        out.writeInt(last.size());
        for (var each : last) {
            out.writeLong(each.prediction().getMostSignificantBits());
            out.writeLong(each.prediction().getLeastSignificantBits());
            out.writeLong(each.at().toEpochMilli());
            out.writeUTF(each.live());
            out.writeUTF(each.shadow());
            out.writeUTF(each.failure().orElse(""));
        }
        out.writeLong(right.both());
        out.writeLong(right.onlyFirst());
        out.writeLong(right.onlySecond());
        out.writeLong(right.neither());
        out.writeInt(bySlice.size());
        for (var each : bySlice.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue()[0]);
            out.writeLong(each.getValue()[1]);
        }
    }

    /// @param older whether it was written before truth and slices were kept
    void fill(DataInput in, boolean older) throws IOException {
        asked = in.readLong();
        agreed = in.readLong();
        failed = in.readLong();
        confidenceGained = in.readDouble();
        confidences = in.readLong();
        answers = in.readInt();
        while (in.readBoolean())
            said.computeIfAbsent(in.readUTF(), _ -> new TreeMap<>())
                    .put(in.readUTF(), in.readLong());
        for (int left = in.readInt(); left > 0; left--)
            last.addLast(
                    new Disagreement(
                            new UUID(in.readLong(), in.readLong()),
                            Instant.ofEpochMilli(in.readLong()),
                            in.readUTF(),
                            in.readUTF(),
                            Optional.of(in.readUTF()).filter(code -> !code.isEmpty())));
        if (older) return;
        right = new McNemar(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        for (int left = in.readInt(); left > 0; left--)
            bySlice.put(in.readUTF(), new long[] {in.readLong(), in.readLong()});
    }
}

package dev.davy.bench;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// What a server has acknowledged, kept outside of it, to be held against what its log says.
final class Ledger {
    private final Map<UUID, Short> predictions = new HashMap<>();
    private final BitSet feedback = new BitSet();
    private int feedbacks;

    /// What was asked and is to be answered, by number.
    interface Known {
        /// Whether a logged prediction has the input and the answer of this request.
        boolean isAnswer(JsonNode record, int request);

        /// The same of the archive's columns.
        boolean isAnswer(double first, String label, int request);
    }

    /// @param input which of the [Known] requests it was the answer to
    synchronized void predicted(UUID prediction, int input) {
        if (predictions.put(prediction, (short) input) != null)
            throw new IllegalStateException("two answers have the prediction id " + prediction);
    }

    /// @param number the feedback's own id is `f-<number>`
    synchronized void fed(int number) {
        if (!feedback.get(number)) feedbacks++;
        feedback.set(number);
    }

    synchronized int predictions() {
        return predictions.size();
    }

    synchronized int feedbacks() {
        return feedbacks;
    }

    /// A judgement, by its case and who gave it.
    static String judgementKey(String prediction, String by) {
        return prediction + " " + by;
    }

    /// Begins to read an export.
    Audit audit(Known requests) {
        return new Audit(requests);
    }

    /// One reading of an export, line by line.
    final class Audit {
        private final Known requests;
        private final Set<UUID> predictionsSeen = new HashSet<>();
        private final BitSet feedbackSeen = new BitSet();
        private final Map<String, AtomicInteger> judgements = new HashMap<>();
        private int predictionsTwice;
        private int feedbackTwice;
        private int wrong;
        private int gaps;

        private Audit(Known requests) {
            this.requests = requests;
        }

        void line(JsonNode record) {
            switch (record.path("type").asString("")) {
                case "prediction" -> prediction(record);
                case "feedback" -> {
                    if (record.has("judgement"))
                        judgement(
                                record.path("prediction").asString(""),
                                record.path("by").asString(""));
                    else feedback(record.path("id").asString(""));
                }
                case "gap" -> gaps++;
                default -> {}
            }
        }

        private void prediction(JsonNode record) {
            var id = UUID.fromString(record.path("id").asString(""));
            if (!predictionsSeen.add(id)) predictionsTwice++;
            var input = predictions.get(id);
            // A prediction that was logged and not acknowledged is right: the kill came between.
            if (input != null && !requests.isAnswer(record, input)) wrong++;
        }

        /// A row of the archive.
        void prediction(UUID id, double first, String label) {
            if (!predictionsSeen.add(id)) predictionsTwice++;
            var input = predictions.get(id);
            if (input != null && !requests.isAnswer(first, label, input)) wrong++;
        }

        void judgement(String prediction, String by) {
            judgements
                    .computeIfAbsent(judgementKey(prediction, by), _ -> new AtomicInteger())
                    .incrementAndGet();
        }

        /// @param id as it was sent: `f-<number>`
        void feedback(String id) {
            int number = LogRequests.feedbackNumber(id);
            if (feedbackSeen.get(number)) feedbackTwice++;
            feedbackSeen.set(number);
        }

        int predictionCount() {
            return predictionsSeen.size();
        }

        int predictionsMissing() {
            var missing = new HashSet<>(predictions.keySet());
            missing.removeAll(predictionsSeen);
            return missing.size();
        }

        int predictionsTwice() {
            return predictionsTwice;
        }

        /// Logged, but the answer never arrived.
        int predictionsUnacknowledged() {
            var more = new HashSet<>(predictionsSeen);
            more.removeAll(predictions.keySet());
            return more.size();
        }

        int feedbackMissing() {
            var missing = (BitSet) feedback.clone();
            missing.andNot(feedbackSeen);
            return missing.cardinality();
        }

        int feedbackTwice() {
            return feedbackTwice;
        }

        /// How many of these are not there.
        ///
        /// @param kept as [#judgementKey] names them
        int judgementsMissing(Set<String> kept) {
            var missing = new HashSet<>(kept);
            missing.removeAll(judgements.keySet());
            return missing.size();
        }

        int judgementsTwice() {
            return (int) judgements.values().stream().filter(each -> each.get() > 1).count();
        }

        /// Records that have the id of an acknowledged prediction and another input or answer.
        int wrong() {
            return wrong;
        }

        int gaps() {
            return gaps;
        }
    }
}

package dev.davy.bench;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What a server has acknowledged, kept outside of it, to be held against what its log says.
final class Ledger {
    private final Map<UUID, Byte> predictions = new HashMap<>();
    private final BitSet feedback = new BitSet();
    private int feedbacks;

    /// @param input which of [LogRequests] it was the answer to
    synchronized void predicted(UUID prediction, int input) {
        if (predictions.put(prediction, (byte) input) != null)
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

    /// Begins to read an export.
    Audit audit(LogRequests requests) {
        return new Audit(requests);
    }

    /// One reading of an export, line by line.
    final class Audit {
        private final LogRequests requests;
        private final Set<UUID> predictionsSeen = new HashSet<>();
        private final BitSet feedbackSeen = new BitSet();
        private int predictionsTwice;
        private int feedbackTwice;
        private int wrong;
        private int gaps;

        private Audit(LogRequests requests) {
            this.requests = requests;
        }

        void line(JsonNode record) {
            switch (record.path("type").asString("")) {
                case "prediction" -> prediction(record);
                case "feedback" -> feedback(record.path("id").asString(""));
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

        /// Records that have the id of an acknowledged prediction and another input or answer.
        int wrong() {
            return wrong;
        }

        int gaps() {
            return gaps;
        }
    }
}

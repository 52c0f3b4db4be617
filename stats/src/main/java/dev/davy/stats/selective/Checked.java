package dev.davy.stats.selective;

/// A case that was looked at: what the model said, how sure it was, and what is right.
///
/// @param confidence from 0 to 1
/// @param reference what the answer is held against: truth, or what people said
public record Checked(double confidence, String answer, String reference) {
    public Checked {
        if (!(confidence >= 0 && confidence <= 1))
            throw new IllegalArgumentException(
                    "confidence is " + confidence + "; it lies between 0 and 1");
    }

    public boolean wrong() {
        return !answer.equals(reference);
    }
}

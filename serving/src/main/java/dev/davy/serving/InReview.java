package dev.davy.serving;

/// That a person is to decide a prediction, as its caller is told.
///
/// @param why a person is asked
/// @param by whose answer it carries: `review` for none yet, `safe`, or the arm's word
public record InReview(String why, String by) {
    /// Nobody has answered yet.
    public static final String WAITING = "review";

    /// The declared answer that does no harm.
    public static final String SAFE = "safe";

    /// Whether there is no answer yet.
    public boolean waits() {
        return by.equals(WAITING);
    }
}

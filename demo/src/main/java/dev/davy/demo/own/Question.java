package dev.davy.demo.own;

/// What could not be guessed.
///
/// @param flag that answers it: `--target`, or `--column age=`, behind which the value follows at
///   once
/// @param text what is to be known, in a sentence or two
/// @param choices what may be answered, in words
public record Question(String flag, String text, String choices) {
    /// As one line of an error.
    public String line() {
        return text + " Say it with " + flag + (flag.endsWith("=") ? "" : " ") + choices + ".";
    }
}

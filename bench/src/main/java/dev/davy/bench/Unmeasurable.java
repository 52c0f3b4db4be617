package dev.davy.bench;

/// A measurement could not be made: a server that did not start, a tool that is not there. Says
/// what and what to do; nobody needs its stack.
final class Unmeasurable extends RuntimeException {
    Unmeasurable(String message) {
        super(message, null, false, false);
    }
}

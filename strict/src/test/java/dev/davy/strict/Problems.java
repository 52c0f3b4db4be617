package dev.davy.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Catches the problem that a call must end with.
final class Problems {
    private Problems() {}

    static Problem of(ThrowingCallable call) {
        var problem = catchThrowableOfType(Problem.class, call);
        assertThat(problem).as("a problem").isNotNull();
        return problem;
    }

    static String code(ThrowingCallable call) {
        return of(call).code();
    }
}

package dev.davy.strict;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A mistake of a caller, told in three sentences: what happened, why, and what to do now.
///
/// It carries a code in kebab-case by which failures are counted, and no stack trace: it is not a
/// bug, and it is thrown often. It knows no HTTP; [Kind] says what sort of mistake it is and `http`
/// maps that to a status in one place. Nothing in it may name a path of the server, a class or a
/// secret.
public final class Problem extends RuntimeException {
    /// The sorts of mistakes, after the HTTP statuses they become.
    public enum Kind {
        /// The text itself is wrong: 400.
        MALFORMED,
        /// Nobody said who is asking, or the token is not known: 401.
        UNAUTHENTICATED,
        /// Who is asking may not do this: 403.
        FORBIDDEN,
        /// There is no such thing: 404.
        NOT_FOUND,
        /// The thing exists, the verb does not: 405.
        METHOD,
        /// It contradicts what is already there: 409.
        CONFLICT,
        /// It was there: 410.
        GONE,
        /// The caller's condition on the present state does not hold: 412.
        PRECONDITION,
        /// It is over a limit: 413.
        TOO_LARGE,
        /// The kind of content is not read here: 415.
        UNSUPPORTED_MEDIA,
        /// The request was meant for another host: 421.
        MISDIRECTED,
        /// Well-formed, but it makes no sense here: 422.
        UNACCEPTABLE,
        /// Too much at once: 429.
        OVERLOADED,
        /// The model failed on this request: 500.
        MODEL_FAILED,
        /// Not offered here: 501.
        NOT_OFFERED,
        /// Not now: 503.
        UNAVAILABLE,
        /// The deadline passed: 504.
        DEADLINE,
        /// The disk is full: 507.
        FULL
    }

    private final Kind kind;
    private final String code;
    private final String what;
    private final String why;
    private final String todo;
    private final List<String> violations;
    private final @Nullable String field;

    /// One reason.
    public Problem(Kind kind, String code, String what, String why, String todo) {
        this(kind, code, what, why, List.of(), todo, null);
    }

    /// Several reasons, told all at once: they become `why`.
    public Problem(Kind kind, String code, String what, List<String> violations, String todo) {
        this(kind, code, what, String.join("; ", violations), violations, todo, null);
    }

    private Problem(
            Kind kind,
            String code,
            String what,
            String why,
            List<String> violations,
            String todo,
            @Nullable String field) {
        super((what + " " + why + " " + todo).strip(), null, false, false);
        this.kind = Objects.requireNonNull(kind);
        this.code = Objects.requireNonNull(code);
        this.what = what;
        this.why = why;
        this.todo = todo;
        this.violations = List.copyOf(violations);
        this.field = field;
    }

    public Kind kind() {
        return kind;
    }

    /// In kebab-case, the same for every occurrence: `name-not-allowed`.
    public String code() {
        return code;
    }

    public String what() {
        return what;
    }

    public String why() {
        return why;
    }

    public String todo() {
        return todo;
    }

    /// Each reason by itself; empty when there is but one, which is [#why].
    public List<String> violations() {
        return violations;
    }

    /// The field of the input that is wrong, where one is.
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /// The same problem, at this field. Where a field is already known, the new one is put before
    /// it: `inputs[0]` and `data` become `inputs[0].data`.
    public Problem at(String outer) {
        var whole =
                field == null ? outer : field.startsWith("[") ? outer + field : outer + "." + field;
        return new Problem(kind, code, what, why, violations, todo, whole);
    }
}

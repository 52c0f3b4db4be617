package dev.davy.serving;

import dev.davy.schema.Expression;
import org.jspecify.annotations.Nullable;

/// Who decides what an endpoint is asked: the model alone, or a person. Written by who keeps the
/// cases that people decide; serving only reads it, once for each row.
///
/// For any number of threads, and never waits for anything.
public interface Automation {
    /// The model decides everything, and nobody looks.
    Automation FULL =
            new Automation() {
                @Override
                public boolean looks() {
                    return false;
                }

                @Override
                public boolean mayNotAsk() {
                    return false;
                }

                @Override
                public boolean asks(Asking row) {
                    return true;
                }

                @Override
                public @Nullable Deciding decide(Asking row) {
                    return null;
                }
            };

    /// Whether a person may come to see anything; if not, nobody is asked below.
    boolean looks();

    /// Whether there are rows that no model is asked about.
    boolean mayNotAsk();

    /// Whether the model is asked about a row. What it says is not known yet.
    boolean asks(Asking row);

    /// Who decides a row, once the model has said what it thinks, or was not asked.
    ///
    /// @return null: the model does, and nobody could have been asked
    @Nullable Deciding decide(Asking row);

    /// A row and what was said of it: the values of `input.…`, `output.…`, `confidence` and
    /// `margin`; null for what is not known.
    interface Asking extends Expression.Lookup {
        /// What stood behind the arm that answered.
        String version();

        /// Whether there is an answer of a model.
        boolean answered();
    }
}

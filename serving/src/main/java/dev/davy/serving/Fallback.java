package dev.davy.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What answers where no model has come live yet, and what traffic goes back to from the first one.
/// It needs no file and no process, so it is always warm.
public sealed interface Fallback {
    /// The version that stands behind an arm which gives a declared answer.
    String ANSWER = "fallback";

    /// The version that stands behind an arm of expressions.
    String RULE = "rule";

    /// The version that stands behind an arm of people.
    String PEOPLE = "people";

    /// The same answer to everybody.
    ///
    /// @param outputs by name
    record Answer(Map<String, Object> outputs) implements Fallback {
        public Answer {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }

        @Override
        public String version() {
            return ANSWER;
        }
    }

    /// Expressions over the input.
    ///
    /// @param outputs an expression for each output
    record Rule(Map<String, String> outputs) implements Fallback {
        public Rule {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }

        @Override
        public String version() {
            return RULE;
        }
    }

    /// A model that another server runs.
    ///
    /// @param server `host:port`
    record Remote(String url, String server, String model) implements Fallback {
        @Override
        public String version() {
            return server + "/" + model;
        }
    }

    /// People: each prediction is a case of theirs.
    record People() implements Fallback {
        @Override
        public String version() {
            return PEOPLE;
        }
    }

    /// What stands behind an arm of it, where `name/7` stands for a model. Beside it, no reference
    /// to a registered model is without a slash or an at sign.
    String version();
}

package dev.davy.serving;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One step of an endpoint, as a person declares it: expressions are still text.
///
/// A component whose `when` is not true is skipped, and its outputs are missing (null) to the
/// components after it.
public sealed interface Component {

    /// The name by which later components say what they want of it: `vad.speech`.
    String name();

    /// The condition under which it runs; none: always.
    Optional<String> when();

    /// Whether it is declared like the other, but for the version that is desired.
    default boolean sameBut(Component other) {
        return equals(other);
    }

    /// A registered model version, or an alias that is resolved when the component is loaded.
    ///
    /// @param model `name/7` or `name@alias`; where none is declared, its fallback's version
    /// @param input for each column of the model, the path or expression it takes; columns left out
    ///   are taken from the endpoint's column of the same name
    /// @param fallback what answers as long as no model has come live; none: the model does from
    ///   the start
    record Registered(
            String name,
            Optional<String> when,
            String model,
            Map<String, String> input,
            Optional<Fallback> fallback)
            implements Component {
        public Registered {
            input = Map.copyOf(input);
        }

        /// What answers first: with a fallback, a model comes live by a rollout only.
        String first() {
            return fallback.map(Fallback::version).orElse(model);
        }

        /// Whether a version is its fallback's.
        public boolean fallsBack(String version) {
            return fallback.filter(each -> each.version().equals(version)).isPresent();
        }

        @Override
        public boolean sameBut(Component other) {
            return other
                            instanceof
                            Registered(
                                    var itsName,
                                    var itsWhen,
                                    var any,
                                    var itsInput,
                                    var itsFallback)
                    && name.equals(itsName)
                    && when.equals(itsWhen)
                    && input.equals(itsInput)
                    && fallback.equals(itsFallback);
        }
    }

    /// Expressions over the input and over earlier components.
    ///
    /// @param outputs an expression for each output, in order
    record Rule(String name, Optional<String> when, Map<String, String> outputs)
            implements Component {
        public Rule {
            if (outputs.isEmpty())
                throw new IllegalArgumentException("rule " + name + " has no outputs");
        }
    }

    /// A model that another Open Inference Protocol server runs.
    ///
    /// @param url where that server is, without the path of the protocol
    /// @param model what it calls the model
    record Elsewhere(
            String name, Optional<String> when, String url, String model, Map<String, String> input)
            implements Component {
        public Elsewhere {
            input = Map.copyOf(input);
        }
    }

    /// A row of a small table, found by key.
    ///
    /// @param table the rows; all have the same columns
    /// @param key the column of the table that is searched, and the expression that is looked for
    record Lookup(
            String name,
            Optional<String> when,
            String key,
            String equals,
            List<Map<String, Object>> table)
            implements Component {
        public Lookup {
            table = List.copyOf(table);
        }
    }
}

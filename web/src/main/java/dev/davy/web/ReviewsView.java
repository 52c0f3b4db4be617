package dev.davy.web;

import java.util.List;

/// The endpoints that ask people.
public record ReviewsView(Chrome chrome, String sentence, List<Row> rows) {
    /// One of them.
    ///
    /// @param href to its cases
    /// @param automation to its level
    /// @param open how many cases wait
    /// @param oldest how long the one that waits longest has
    /// @param level who decides, in words
    /// @param alone the share that the model decides alone
    /// @param advice which level the evidence speaks for, where it is another
    public record Row(
            String name,
            String about,
            String href,
            String automation,
            String open,
            String oldest,
            String level,
            String alone,
            String advice) {}
}

package dev.davy.web;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What somebody lets happen on this server, chapter by chapter, for others to look at. The pages
/// say where it is; a server that is at work has none.
public interface Story {
    Story NONE =
            new Story() {
                @Override
                public String title() {
                    return "";
                }

                @Override
                public List<Chapter> chapters() {
                    return List.of();
                }

                @Override
                public void again() {}
            };

    /// Of the whole; empty where there is no story.
    String title();

    /// In the order in which they are told; none before it begins.
    List<Chapter> chapters();

    /// From the beginning.
    void again();

    /// One thing that happens.
    ///
    /// @param sentence what happens, with the figures that are known by now
    /// @param href the page that shows it
    record Chapter(String title, String sentence, String href, When when) {}

    enum When {
        TOLD,
        NOW,
        TO_COME
    }

    /// Where the story is.
    ///
    /// @param number of the chapter, 1 the first
    record Place(int number, int of, Chapter chapter) {}

    /// The chapter that is told now, or else the last that was.
    default Optional<Place> place() {
        var all = chapters();
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).when() != When.TO_COME)
                .mapToObj(i -> new Place(i + 1, all.size(), all.get(i)))
                .reduce((_, later) -> later);
    }
}

package dev.davy.cli;

import dev.davy.demo.Story.Told;
import dev.davy.web.Story;
import java.util.List;
import java.util.Optional;

/// The story of a demonstration, for the pages: they are there before it begins.
final class ToldStory implements Story {
    private final String title;
    private volatile Optional<dev.davy.demo.Story> told = Optional.empty();

    ToldStory(String title) {
        this.title = title;
    }

    void of(dev.davy.demo.Story story) {
        told = Optional.of(story);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Chapter> chapters() {
        return told.map(story -> story.told().stream().map(ToldStory::chapter).toList())
                .orElseGet(List::of);
    }

    private static Chapter chapter(Told told) {
        var when = told.ended() ? When.TOLD : told.begun() ? When.NOW : When.TO_COME;
        return new Chapter(told.chapter().title(), told.sentence(), told.chapter().page(), when);
    }

    @Override
    public void again() {
        told.ifPresent(dev.davy.demo.Story::again);
    }
}

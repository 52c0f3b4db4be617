package dev.davy.web;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;

/// The page of a story, where there is one.
final class StoryPages {
    private final Story story;

    StoryPages(Story story) {
        this.story = story;
    }

    void addTo(Routes routes) {
        if (story.title().isEmpty()) return;
        routes.add(
                Route.get("/story", Permission.READ, this::page)
                        .about("What happens here, chapter by chapter, as a page."),
                Route.post(
                                "/story/again",
                                Permission.OPERATE,
                                Upload.bytes("application/x-www-form-urlencoded", ""),
                                _ -> again())
                        .about("Tells it from the beginning."));
    }

    private Response page(Request request) {
        var chapters = story.chapters();
        return Html.page(
                "story",
                new StoryView(
                        new Chrome(story.title() + " · Davy", "", Pages.who(request), true),
                        story.title(),
                        chapters,
                        !chapters.isEmpty() && chapters.getLast().when() != Story.When.TO_COME));
    }

    private Response again() {
        story.again();
        return Pages.seeOther("/story");
    }
}

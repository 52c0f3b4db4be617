package dev.davy.demo;

import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Things that happen one after the other while somebody watches, and from the beginning again when
/// somebody asks. For any number of threads.
public final class Story {
    /// One thing that happens.
    ///
    /// @param sentence that is said when it begins
    /// @param page that shows it, as a path
    public record Chapter(String title, String sentence, String page, Play play) {}

    /// Lets it happen, and returns when it has.
    @FunctionalInterface
    public interface Play {
        /// @param says hears the sentence of the chapter anew, whenever more is known
        void play(Consumer<String> says) throws InterruptedException;
    }

    /// How far a chapter is.
    ///
    /// @param begun whether it has
    /// @param ended whether it has
    public record Told(Chapter chapter, String sentence, boolean begun, boolean ended) {}

    private final List<Chapter> chapters;
    private final Play putBack;
    private final Duration stays;
    private final Consumer<String> say;
    private final Thread thread;
    private final List<Told> told = new ArrayList<>();
    private boolean wantedAgain;

    private Story(List<Chapter> chapters, Play putBack, Duration stays, Consumer<String> say) {
        this.chapters = List.copyOf(chapters);
        this.putBack = putBack;
        this.stays = stays;
        this.say = say;
        this.thread = Thread.ofPlatform().daemon().name("davy-story").unstarted(this::run);
    }

    /// Begins on a thread of its own, which ends with the process or when the server does not
    /// answer any more.
    ///
    /// @param putBack makes everything as it was at the beginning
    /// @param stays how long a chapter lasts at least, so that a person can read it and look
    /// @param say hears a line whenever something happens
    public static Story start(
            List<Chapter> chapters, Play putBack, Duration stays, Consumer<String> say) {
        var story = new Story(chapters, putBack, stays, say);
        story.thread.start();
        return story;
    }

    /// Every chapter, in their order.
    public synchronized List<Told> told() {
        var all = new ArrayList<>(told);
        for (var chapter : chapters.subList(told.size(), chapters.size()))
            all.add(new Told(chapter, chapter.sentence(), false, false));
        return all;
    }

    /// From the beginning.
    public synchronized void again() {
        wantedAgain = true;
        thread.interrupt();
    }

    private void run() {
        while (true) {
            try {
                for (var chapter : chapters) tell(chapter);
                new CountDownLatch(1).await(); // until somebody wants it again
            } catch (InterruptedException | Problem stopped) {
                if (isOver(stopped)) return;
            }
            try {
                putBack.play(say);
            } catch (InterruptedException | Problem stopped) {
                // Asked once more meanwhile: the next round puts the rest back.
                if (isOver(stopped)) return;
            }
        }
    }

    /// Unless it is wanted from the beginning; says why.
    private boolean isOver(Exception stopped) {
        if (forget()) return false;
        if (stopped instanceof Problem problem)
            say.accept("The story ends: " + problem.what() + " " + problem.why());
        return true;
    }

    /// Whether it is wanted from the beginning.
    private synchronized boolean forget() {
        boolean wanted = wantedAgain;
        wantedAgain = false;
        var _ = Thread.interrupted();
        if (wanted) told.clear();
        return wanted;
    }

    private void tell(Chapter chapter) throws InterruptedException {
        var until = Instant.now().plus(stays);
        begin(chapter);
        chapter.play().play(sentence -> says(chapter, sentence));
        var left = Duration.between(Instant.now(), until);
        if (left.isPositive()) Thread.sleep(left);
        end();
    }

    private synchronized void begin(Chapter chapter) {
        told.add(new Told(chapter, chapter.sentence(), true, false));
        say.accept(told.size() + ". " + chapter.title() + ". " + chapter.sentence());
    }

    private synchronized void says(Chapter chapter, String sentence) {
        if (told.isEmpty()) return; // it is told from the beginning
        told.set(told.size() - 1, new Told(chapter, sentence, true, false));
        say.accept(sentence);
    }

    private synchronized void end() {
        if (told.isEmpty()) return;
        var last = told.getLast();
        told.set(told.size() - 1, new Told(last.chapter(), last.sentence(), true, true));
    }
}

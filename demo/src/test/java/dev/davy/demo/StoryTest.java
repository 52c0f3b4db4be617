package dev.davy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.demo.Story.Chapter;
import dev.davy.demo.Story.Told;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class StoryTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    void tellsItsChaptersInOrderAndWhatEachCameToKnow() throws Exception {
        var story = story(says -> says.accept("It was a fox."), says -> says.accept("It left."));
        hears("1. one. once", "It was a fox.", "2. two. twice", "It left.");
        assertThat(story.told())
                .extracting(Told::sentence)
                .containsExactly("It was a fox.", "It left.");
        assertThat(story.told().getFirst().ended()).isTrue();
    }

    @Test
    void whatIsToComeStandsThereToo() throws Exception {
        var gate = new CountDownLatch(1);
        var story = story(_ -> gate.await(), _ -> {});
        hears("1. one. once");
        assertThat(story.told()).extracting(Told::begun).containsExactly(true, false);
        assertThat(story.told()).extracting(Told::ended).containsExactly(false, false);
        gate.countDown();
        hears("2. two. twice");
    }

    @Test
    void isToldFromTheBeginningInTheMiddleAndAtTheEnd() throws Exception {
        var gate = new CountDownLatch(1);
        var story =
                story(
                        _ -> {},
                        says -> {
                            says.accept("waits");
                            gate.await();
                        });
        hears("1. one. once", "2. two. twice", "waits");
        story.again();
        hears("put back", "1. one. once", "2. two. twice", "waits");
        gate.countDown();
        while (!story.told().getLast().ended()) Thread.onSpinWait();
        story.again();
        hears("put back", "1. one. once", "2. two. twice", "waits");
    }

    @Test
    void endsWithTheReasonWhereTheServerDoesNotAnswer() throws Exception {
        story(
                _ -> {
                    throw new Problem(
                            Problem.Kind.UNAVAILABLE, "gone", "It is gone.", "Why.", "Look.");
                },
                _ -> {});
        hears("1. one. once", "The story ends: It is gone. Why.");
    }

    private Story story(Story.Play first, Story.Play second) {
        return Story.start(
                List.of(
                        new Chapter("one", "once", "/1", first),
                        new Chapter("two", "twice", "/2", second)),
                says -> says.accept("put back"),
                Duration.ZERO,
                heard::add);
    }

    private void hears(String... lines) throws InterruptedException {
        for (var line : lines) assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(line);
    }
}

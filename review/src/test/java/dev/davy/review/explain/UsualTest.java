package dev.davy.review.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsualTest {
    @Test
    void saysWhereANumberStands() {
        List<@Nullable Object> recent = new ArrayList<>();
        for (long i = 1; i <= 101; i++) recent.add(i);
        recent.add(null);
        assertThat(Usual.place(51.0, recent)).contains(new Usual.Place.Among(0.5, 6, 96));
        assertThat(Usual.place(1_000.0, recent)).contains(new Usual.Place.Among(1, 6, 96));
        assertThat(Usual.place(0L, recent)).contains(new Usual.Place.Among(0, 6, 96));
    }

    @Test
    void saysHowManyHaveTheSame() {
        List<@Nullable Object> recent = Arrays.asList("own", "rent", "own", null);
        assertThat(Usual.place("rent", recent)).contains(new Usual.Place.Same(0.25, "own"));
        assertThat(Usual.place("none", recent)).contains(new Usual.Place.Same(0, "own"));
        assertThat(Usual.place(null, recent)).contains(new Usual.Place.Same(0.25, "own"));
        assertThat(Usual.place("own", List.of())).isEqualTo(Optional.empty());
    }
}

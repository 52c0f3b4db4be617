package dev.davy.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    @Test
    void keepsACallerOnTheCandidateWhileItsShareRises() {
        var random = new Random(20_261_121);
        for (int i = 0; i < 2_000; i++) {
            var caller = Long.toHexString(random.nextLong());
            int bucket = Assignment.bucket("credit", caller);
            for (int share = 0; share < Assignment.BUCKETS; share += 500)
                if (bucket < share)
                    assertThat(Assignment.bucket("credit", caller) < share + 500)
                            .as("caller %s at %d", caller, share)
                            .isTrue();
        }
    }

    /// Chi-square over 100 equal groups of buckets, 99 degrees of freedom: above 148.2 once in a
    /// thousand times when keys are spread evenly.
    @Test
    void spreadsKeysThatDifferByOneEvenly() {
        var counts = new int[100];
        int keys = 100_000;
        for (int i = 0; i < keys; i++) counts[Assignment.bucket("credit", "customer-" + i) / 100]++;
        double expected = keys / 100.0, chiSquare = 0;
        for (int count : counts) chiSquare += (count - expected) * (count - expected) / expected;
        assertThat(chiSquare).isLessThan(148.2);
    }

    @Test
    void isEarlyOnOneEndpointWithoutBeingEarlyOnAll() {
        int both = 0, first = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean a = Assignment.bucket("credit", "c" + i) < 1_000;
            boolean b = Assignment.bucket("fraud", "c" + i) < 1_000;
            if (a) first++;
            if (a && b) both++;
        }
        // One in ten of those who are early here is early there: 200 expected, five deviations are
        // 67.
        assertThat(both).isBetween(first / 10 - 70, first / 10 + 70);
    }

    @Test
    void doesNotChangeBetweenReleases() {
        assertThat(Assignment.bucket("credit", "customer-1"))
                .isEqualTo(Assignment.bucket("credit", "customer-1"));
        assertThat(Assignment.bucket("ab", "c")).isNotEqualTo(Assignment.bucket("a", "bc"));
    }
}

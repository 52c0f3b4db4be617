package dev.davy.stats.selective;

/// What a model that decides alone may get wrong, and how often.
public sealed interface Risk {
    /// The largest share that is allowed: above 0, below 1.
    double limit();

    /// Of what is decided alone, the share that is wrong.
    record Wrong(double limit) implements Risk {
        public Wrong {
            checked(limit);
        }
    }

    /// Of all cases that are of a class, the share that the model decides alone as something else:
    /// what is lost of its recall, as people are taken to be right on the rest.
    record Missed(String of, double limit) implements Risk {
        public Missed {
            checked(limit);
        }
    }

    private static void checked(double limit) {
        if (!(limit > 0 && limit < 1))
            throw new IllegalArgumentException(
                    "the limit of a risk is " + limit + "; it lies between 0 and 1");
    }
}

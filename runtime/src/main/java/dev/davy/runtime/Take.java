package dev.davy.runtime;

import java.util.List;
import java.util.Optional;

/// How one output of an answer is read from a model's tensors.
public sealed interface Take {
    /// The output's name, in answers and feedback.
    String output();

    /// One of the classes.
    ///
    /// @param label the tensor that holds it; empty for the class with the highest score
    /// @param scores the tensor with one score per class; empty when there is none
    /// @param order for each class its place among the scores
    /// @param values for each class how the label tensor writes it
    record Category(
            String output,
            List<String> classes,
            Optional<String> label,
            Optional<String> scores,
            List<Integer> order,
            List<String> values,
            Activation activation,
            OverFrames overFrames)
            implements Take {
        public Category {
            classes = List.copyOf(classes);
            order = List.copyOf(order);
            values = List.copyOf(values);
        }
    }

    /// Each class whose score is at least the threshold.
    record MultiLabel(
            String output,
            List<String> classes,
            String scores,
            Activation activation,
            double threshold,
            OverFrames overFrames)
            implements Take {
        public MultiLabel {
            classes = List.copyOf(classes);
        }
    }

    /// One number of a tensor's row.
    @SuppressWarnings("AvoidCommonTypeNames") // the field's word, and always said Take.Number
    record Number(
            String output, String from, int index, Activation activation, OverFrames overFrames)
            implements Take {}

    /// The first text of a tensor's row.
    record Text(String output, String from) implements Take {}

    /// All numbers of a tensor's row.
    record Vector(String output, String from, OverFrames overFrames) implements Take {}

    /// The classes, best first.
    record Ranking(String output, List<String> classes, String scores) implements Take {
        public Ranking {
            classes = List.copyOf(classes);
        }
    }

    /// Things found in an image.
    ///
    /// @param boxes tensor `[N, found, 4]` or `[found, 4]`
    /// @param labels tensor with the number of each one's class; empty when there is one class
    /// @param scores tensor with each one's score
    /// @param corners whether a box is two corners instead of a corner and a size
    /// @param relative whether a box is in shares of the image instead of pixels of the model's
    ///   input
    /// @param threshold the least score
    record Boxes(
            String output,
            List<String> classes,
            String boxes,
            Optional<String> labels,
            String scores,
            boolean corners,
            boolean relative,
            double threshold)
            implements Take {
        public Boxes {
            classes = List.copyOf(classes);
        }
    }

    /// What turns a model's scores into what an answer shows.
    enum Activation {
        /// Nothing: they are shown as they are.
        NONE,
        /// Over all classes.
        SOFTMAX,
        /// Each by itself.
        SIGMOID
    }

    /// What the answers to the frames of one recording come to.
    enum OverFrames {
        /// The greatest of each number.
        MAX,
        /// The mean of each number.
        MEAN,
        /// That of the last frame.
        LAST
    }
}

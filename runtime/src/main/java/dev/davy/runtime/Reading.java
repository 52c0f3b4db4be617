package dev.davy.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a model's output tensors as answers, as the bundle says. Thread-safe.
public final class Reading {
    private final List<Part> parts;

    /// One output: what to take, and the tensors it takes it from.
    ///
    /// @param main scores, numbers, texts or boxes
    /// @param label of a category
    /// @param scores of boxes
    /// @param classOf for each label as a tensor writes it, the place of its class
    private record Part(
            Take take, Slot main, Slot label, Slot scores, Map<String, Integer> classOf) {}

    /// A tensor among the outputs.
    ///
    /// @param place -1 for none
    /// @param byRow whether its leading axis is the rows; else all of it belongs to the one row
    private record Slot(int place, boolean byRow) {
        static final Slot NONE = new Slot(-1, false);

        boolean isEmpty(List<Tensor> outputs) {
            return place < 0 || outputs.get(place).elements() == 0;
        }

        int size(Tensor tensor) {
            return byRow && tensor.rank() > 0 && tensor.dimension(0) > 0
                    ? (int) (tensor.elements() / tensor.dimension(0))
                    : tensor.elements();
        }

        double[] numbers(List<Tensor> outputs, int index) {
            if (isEmpty(outputs)) return new double[0];
            var tensor = outputs.get(place);
            int size = size(tensor);
            int first = byRow ? index * size : 0;
            var numbers = new double[size];
            for (int at = 0; at < size; at++) numbers[at] = tensor.float64(first + at);
            return numbers;
        }

        /// The row's first element as a text; a whole number as its digits.
        Optional<String> text(List<Tensor> outputs, int index) {
            if (isEmpty(outputs)) return Optional.empty();
            var tensor = outputs.get(place);
            int at = byRow ? index * size(tensor) : 0;
            return Optional.of(
                    tensor.datatype() == Datatype.BYTES
                            ? tensor.text(at)
                            : String.valueOf(tensor.int64(at)));
        }
    }

    private Reading(List<Part> parts) {
        this.parts = parts;
    }

    public static Reading of(Bundle bundle) {
        return new Reading(bundle.takes().stream().map(take -> part(take, bundle)).toList());
    }

    private static Part part(Take take, Bundle bundle) {
        return switch (take) {
            case Take.Category category -> {
                var classOf = new HashMap<String, Integer>();
                for (int c = 0; c < category.values().size(); c++)
                    classOf.put(category.values().get(c), c);
                yield new Part(
                        take,
                        slot(bundle, category.scores()),
                        slot(bundle, category.label()),
                        Slot.NONE,
                        classOf);
            }
            case Take.MultiLabel labels -> part(take, bundle, labels.scores());
            case Take.Number number -> part(take, bundle, number.from());
            case Take.Text text -> part(take, bundle, text.from());
            case Take.Vector vector -> part(take, bundle, vector.from());
            case Take.Ranking ranking -> part(take, bundle, ranking.scores());
            case Take.Boxes boxes ->
                    new Part(
                            take,
                            slot(bundle, Optional.of(boxes.boxes())),
                            slot(bundle, boxes.labels()),
                            slot(bundle, Optional.of(boxes.scores())),
                            Map.of());
        };
    }

    private static Part part(Take take, Bundle bundle, String tensor) {
        return new Part(take, slot(bundle, Optional.of(tensor)), Slot.NONE, Slot.NONE, Map.of());
    }

    private static Slot slot(Bundle bundle, Optional<String> tensor) {
        if (tensor.isEmpty()) return Slot.NONE;
        var signature = bundle.signature();
        int place = signature.output(tensor.get()).orElseThrow();
        boolean open = bundle.inspection().open().contains(tensor.get());
        boolean leads = open || signature.outputs().get(place).leads();
        return new Slot(place, bundle.batch() && leads && signature.inputsLead());
    }

    /// The answer to one row of the batch; boxes are in pixels of the model's input.
    ///
    /// @param outputs in the order of the signature
    public Answer read(List<Tensor> outputs, int index) {
        return read(outputs, index, Placement.SAME);
    }

    /// The answer to one row, boxes in pixels of the image as it came.
    Answer read(List<Tensor> outputs, int index, Placement placement) {
        var answering = new Answering();
        for (var part : parts) {
            switch (part.take()) {
                case Take.Boxes boxes ->
                        answering.put(
                                boxes.output(), boxes(boxes, part, outputs, index, placement));
                case Take.Text text ->
                        part.main()
                                .text(outputs, index)
                                .ifPresent(t -> answering.put(text.output(), t));
                case Take.Category category ->
                        answering.category(
                                category,
                                part.main().numbers(outputs, index),
                                part.label().text(outputs, index),
                                part.classOf());
                case Take take -> answering.numbers(take, part.main().numbers(outputs, index));
            }
        }
        return answering.answer();
    }

    private static List<Box> boxes(
            Take.Boxes take, Part part, List<Tensor> outputs, int index, Placement placement) {
        var corners = part.main().numbers(outputs, index);
        var scores = part.scores().numbers(outputs, index);
        var labels = part.label().numbers(outputs, index);
        var found = new ArrayList<Box>();
        for (int at = 0; at < scores.length && 4 * at + 3 < corners.length; at++) {
            if (!(scores[at] >= take.threshold())) continue;
            int label = at < labels.length ? (int) labels[at] : 0;
            boolean known = label >= 0 && label < take.classes().size();
            var name = known ? take.classes().get(label) : String.valueOf(label);
            found.add(
                    placement.box(
                            name, corners, 4 * at, take.corners(), take.relative(), scores[at]));
        }
        found.sort(Comparator.comparingDouble(Box::score).reversed());
        return List.copyOf(found);
    }

    /// The answer that the runs over the frames of one recording come to.
    OverFrames overFrames() {
        return new OverFrames();
    }

    /// Sums up the outputs of run after run.
    final class OverFrames {
        private final Map<Part, double[]> sums = new LinkedHashMap<>();
        private int frames;

        void add(List<Tensor> outputs) {
            frames++;
            for (var part : parts) {
                var now = part.main().numbers(outputs, 0);
                var sum = sums.get(part);
                if (sum == null || sum.length != now.length) sums.put(part, now);
                else combine(over(part.take()), sum, now);
            }
        }

        private void combine(Take.OverFrames how, double[] sum, double[] now) {
            for (int at = 0; at < sum.length; at++)
                switch (how) {
                    case MAX -> sum[at] = Math.max(sum[at], now[at]);
                    case MEAN -> sum[at] += (now[at] - sum[at]) / frames;
                    case LAST -> sum[at] = now[at];
                }
        }

        private static Take.OverFrames over(Take take) {
            return switch (take) {
                case Take.Category category -> category.overFrames();
                case Take.MultiLabel labels -> labels.overFrames();
                case Take.Number number -> number.overFrames();
                case Take.Vector vector -> vector.overFrames();
                case Take.Text _, Take.Ranking _, Take.Boxes _ -> Take.OverFrames.LAST;
            };
        }

        Answer answer() {
            var answering = new Answering();
            sums.forEach((part, sum) -> {
                if (part.take() instanceof Take.Category category)
                    answering.category(category, sum, Optional.empty(), part.classOf());
                else answering.numbers(part.take(), sum);
            });
            return answering.answer();
        }
    }
}

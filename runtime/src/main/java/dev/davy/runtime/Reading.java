package dev.davy.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Reads a model's output tensors as answers, as the bundle says. Thread-safe.
public final class Reading {
    private final List<Part> parts;

    /// A run is of one row, and its outputs are all of that row's, whatever their leading axis is:
    /// a state of [2, 1, 128] is no two rows.
    private final boolean whole;

    /// One output: what to take, and the places of its tensors.
    private record Part(
            Take take, int first, int second, int third, Map<String, Integer> classOf) {}

    private Reading(List<Part> parts, boolean whole) {
        this.parts = parts;
        this.whole = whole;
    }

    public static Reading of(Bundle bundle) {
        var signature = bundle.signature();
        boolean rows = bundle.batch() && signature.inputs().stream().allMatch(TensorSpec::leads);
        return new Reading(
                bundle.takes().stream().map(take -> part(take, signature)).toList(), !rows);
    }

    private static Part part(Take take, Signature signature) {
        return switch (take) {
            case Take.Category category -> {
                var classOf = new HashMap<String, Integer>();
                for (int c = 0; c < category.values().size(); c++)
                    classOf.put(category.values().get(c), c);
                yield new Part(
                        take,
                        place(signature, category.scores()),
                        place(signature, category.label()),
                        -1,
                        classOf);
            }
            case Take.MultiLabel labels -> part(take, signature, labels.scores());
            case Take.Number number -> part(take, signature, number.from());
            case Take.Text text -> part(take, signature, text.from());
            case Take.Vector vector -> part(take, signature, vector.from());
            case Take.Ranking ranking -> part(take, signature, ranking.scores());
            case Take.Boxes boxes ->
                    new Part(
                            take,
                            place(signature, Optional.of(boxes.boxes())),
                            place(signature, Optional.of(boxes.scores())),
                            place(signature, boxes.labels()),
                            Map.of());
        };
    }

    private static Part part(Take take, Signature signature, String tensor) {
        return new Part(take, place(signature, Optional.of(tensor)), -1, -1, Map.of());
    }

    private static int place(Signature signature, Optional<String> tensor) {
        return tensor.map(name -> signature.output(name).orElseThrow()).orElse(-1);
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
                        answering.boxes(boxes, found(boxes, part, outputs, index, placement));
                case Take.Text text -> answering.text(text, outputs.get(part.first()), index);
                case Take take ->
                        answering.numbers(
                                take,
                                numbers(outputs, part.first(), index),
                                label(part, outputs, index));
            }
        }
        return answering.answer();
    }

    /// The answer that the runs over the frames of one recording come to.
    OverFrames overFrames() {
        return new OverFrames();
    }

    private double[] numbers(List<Tensor> outputs, int place, int index) {
        if (place < 0) return new double[0];
        var tensor = outputs.get(place);
        int rows = rows(tensor);
        int size = tensor.elements() / rows;
        int first = rows == 1 ? 0 : index * size;
        var numbers = new double[size];
        for (int at = 0; at < size; at++) numbers[at] = tensor.float64(first + at);
        return numbers;
    }

    /// Rows of an output tensor: its leading axis; a scalar, or an empty one, is one row.
    private int rows(Tensor tensor) {
        return whole || tensor.rank() == 0 || tensor.elements() == 0
                ? 1
                : (int) tensor.dimension(0);
    }

    private Optional<Integer> label(Part part, List<Tensor> outputs, int index) {
        if (!(part.take() instanceof Take.Category) || part.second() < 0) return Optional.empty();
        var tensor = outputs.get(part.second());
        if (tensor.elements() == 0) return Optional.empty();
        int at = rows(tensor) == 1 ? 0 : index * (tensor.elements() / rows(tensor));
        var written =
                tensor.datatype() == Datatype.BYTES
                        ? tensor.text(at)
                        : String.valueOf(tensor.int64(at));
        var known = part.classOf().get(written);
        return Optional.ofNullable(known);
    }

    private List<Box> found(
            Take.Boxes take, Part part, List<Tensor> outputs, int index, Placement placement) {
        var corners = numbers(outputs, part.first(), index);
        var tensor = outputs.get(part.first());
        if (tensor.rank() == 2) corners = all(tensor);
        var scores =
                tensor.rank() == 2
                        ? all(outputs.get(part.second()))
                        : numbers(outputs, part.second(), index);
        var labels =
                part.third() < 0
                        ? new double[0]
                        : tensor.rank() == 2
                                ? all(outputs.get(part.third()))
                                : numbers(outputs, part.third(), index);
        var found = new ArrayList<Box>();
        for (int at = 0; at < scores.length && 4 * at + 3 < corners.length; at++) {
            if (!(scores[at] >= take.threshold())) continue;
            int label = labels.length > at ? (int) labels[at] : 0;
            var name =
                    label >= 0 && label < take.classes().size()
                            ? take.classes().get(label)
                            : String.valueOf(label);
            found.add(
                    placement.box(
                            name, corners, 4 * at, take.corners(), take.relative(), scores[at]));
        }
        found.sort(Comparator.comparingDouble(Box::score).reversed());
        return List.copyOf(found);
    }

    private static double[] all(Tensor tensor) {
        return IntStream.range(0, tensor.elements()).mapToDouble(tensor::float64).toArray();
    }

    /// Sums up the outputs of run after run.
    final class OverFrames {
        private final Map<Part, double[]> sums = new LinkedHashMap<>();
        private int frames;

        void add(List<Tensor> outputs) {
            frames++;
            for (var part : parts) {
                var now = numbers(outputs, part.first(), 0);
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
            sums.forEach(
                    (part, numbers) -> answering.numbers(part.take(), numbers, Optional.empty()));
            return answering.answer();
        }
    }

    /// An answer in the making.
    private final class Answering {
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final Map<String, double[]> scores = new LinkedHashMap<>();
        private OptionalDouble confidence = OptionalDouble.empty();

        void boxes(Take.Boxes take, List<Box> found) {
            values.put(take.output(), found);
        }

        void text(Take.Text take, Tensor tensor, int index) {
            int rows = rows(tensor);
            if (tensor.elements() == 0) return;
            values.put(
                    take.output(), tensor.text(rows == 1 ? 0 : index * (tensor.elements() / rows)));
        }

        void numbers(Take take, double[] numbers, Optional<Integer> label) {
            switch (take) {
                case Take.Category category -> category(category, numbers, label);
                case Take.MultiLabel labels -> {
                    var shown = Activations.apply(labels.activation(), numbers);
                    var found = new ArrayList<String>();
                    for (int c = 0; c < shown.length && c < labels.classes().size(); c++)
                        if (shown[c] >= labels.threshold()) found.add(labels.classes().get(c));
                    values.put(labels.output(), List.copyOf(found));
                    scores.put(labels.output(), shown);
                }
                case Take.Number number -> {
                    if (number.index() >= numbers.length)
                        throw Failures.broken(
                                "output '" + number.from() + "' has no value at " + number.index());
                    var one = new double[] {numbers[number.index()]};
                    values.put(number.output(), Activations.apply(number.activation(), one)[0]);
                }
                case Take.Vector vector -> {
                    var floats = new float[numbers.length];
                    for (int at = 0; at < floats.length; at++) floats[at] = (float) numbers[at];
                    values.put(vector.output(), floats);
                }
                case Take.Ranking ranking -> ranking(ranking, numbers);
                case Take.Text _, Take.Boxes _ ->
                        throw new IllegalStateException("no numbers: " + take);
            }
        }

        private void category(Take.Category take, double[] raw, Optional<Integer> label) {
            var classes = take.classes();
            double[] shown = new double[0];
            if (take.scores().isPresent()) {
                shown = Activations.perClass(take, raw);
                scores.put(take.output(), shown);
            }
            int best = label.orElse(Activations.best(shown));
            if (best < 0 || best >= classes.size()) return;
            values.put(take.output(), classes.get(best));
            if (confidence.isEmpty() && best < shown.length && !Double.isNaN(shown[best]))
                confidence = OptionalDouble.of(shown[best]);
        }

        private void ranking(Take.Ranking take, double[] numbers) {
            var order = new ArrayList<Integer>();
            for (int c = 0; c < Math.min(numbers.length, take.classes().size()); c++) order.add(c);
            order.sort(Comparator.comparingDouble((Integer c) -> numbers[c]).reversed());
            values.put(take.output(), order.stream().map(take.classes()::get).toList());
            scores.put(take.output(), numbers);
        }

        Answer answer() {
            return new Answer(values, scores, confidence);
        }
    }
}

package dev.davy.batch;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One block of a [Part], read back: column by column, classes and arms as texts of its part.
final class Rows {
    final List<Output> outputs;
    final boolean files;
    int count;
    long[] numbers = new long[0];
    int[] arms = new int[0];
    double[] confidences = new double[0];
    final int[][] codes;
    final double[][] reals;
    final @Nullable String[][] texts;
    @Nullable String[] names = new String[0];
    final List<Part.Refused> refused = new ArrayList<>();

    Rows(List<Output> outputs, boolean files) {
        this.outputs = outputs;
        this.files = files;
        codes = new int[outputs.size()][];
        reals = new double[outputs.size()][];
        texts = new String[outputs.size()][];
    }

    static boolean isClasses(Output output) {
        return output.kind() instanceof OutputKind.Category;
    }

    static boolean isReal(Output output) {
        return output.kind() instanceof OutputKind.Number;
    }

    void read(ByteBuffer block) throws IOException {
        count = block.getInt();
        int bad = block.getInt();
        if (numbers.length < count) {
            numbers = new long[count];
            arms = new int[count];
            confidences = new double[count];
            names = new String[count];
            for (int o = 0; o < outputs.size(); o++) {
                codes[o] = new int[count];
                reals[o] = new double[count];
                texts[o] = new String[count];
            }
        }
        refused.clear();
        if (count > 0) columns(block);
        for (int i = 0; i < bad; i++) {
            long number = block.getLong();
            long line = block.getLong();
            var file = Part.Reader.text(block);
            refused.add(
                    new Part.Refused(
                            number,
                            line,
                            java.util.Optional.ofNullable(file),
                            String.valueOf(Part.Reader.text(block))));
        }
    }

    private void columns(ByteBuffer block) {
        block.asLongBuffer().get(numbers, 0, count);
        block.position(block.position() + 8 * count);
        block.asIntBuffer().get(arms, 0, count);
        block.position(block.position() + 4 * count);
        block.asDoubleBuffer().get(confidences, 0, count);
        block.position(block.position() + 8 * count);
        for (int o = 0; o < outputs.size(); o++)
            if (isClasses(outputs.get(o))) {
                block.asIntBuffer().get(codes[o], 0, count);
                block.position(block.position() + 4 * count);
            } else if (isReal(outputs.get(o))) {
                block.asDoubleBuffer().get(reals[o], 0, count);
                block.position(block.position() + 8 * count);
            } else {
                for (int row = 0; row < count; row++) texts[o][row] = Part.Reader.text(block);
            }
        if (files) for (int row = 0; row < count; row++) names[row] = Part.Reader.text(block);
    }
}

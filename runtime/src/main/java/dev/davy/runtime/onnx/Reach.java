package dev.davy.runtime.onnx;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;

/// What depends on what: for each tensor a node for its values and one for its shape.
final class Reach {
    private int tensors;
    private int edges;
    private int[] first = new int[1024];
    private int[] next = new int[1024];
    private int[] target = new int[1024];
    private final BitSet reached = new BitSet();

    int tensor() {
        int node = 2 * tensors++;
        if (node + 1 >= first.length) first = Arrays.copyOf(first, first.length * 2);
        first[node] = -1;
        first[node + 1] = -1;
        return node;
    }

    int[] tensors(int count) {
        var all = new int[count];
        for (int at = 0; at < count; at++) all[at] = tensor();
        return all;
    }

    void copy(int from, int to) {
        edge(from, to);
        edge(from + 1, to + 1);
    }

    /// As [#copy]; and numbers computed over a dependent shape depend on it too.
    void pass(int from, int to) {
        copy(from, to);
        edge(from + 1, to);
    }

    void valuesToShape(int from, int to) {
        edge(from, to + 1);
    }

    void shapeToValues(int from, int to) {
        edge(from + 1, to);
    }

    private void edge(int from, int to) {
        if (edges == next.length) {
            next = Arrays.copyOf(next, edges * 2);
            target = Arrays.copyOf(target, edges * 2);
        }
        next[edges] = first[from];
        target[edges] = to;
        first[from] = edges++;
    }

    void fromValues(int tensor) {
        var waiting = new ArrayDeque<Integer>();
        if (!reached.get(tensor)) {
            reached.set(tensor);
            waiting.add(tensor);
        }
        while (!waiting.isEmpty()) {
            int node = waiting.remove();
            for (int edge = first[node]; edge >= 0; edge = next[edge]) {
                int to = target[edge];
                if (reached.get(to)) continue;
                reached.set(to);
                waiting.add(to);
            }
        }
    }

    boolean valuesReached(int tensor) {
        return reached.get(tensor);
    }
}

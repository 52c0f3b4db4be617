package dev.davy.stats;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How many numbers fell between edges that somebody gave beforehand, most often a reference.
///
/// A bin holds its lower edge and not its upper one, but for the last, which holds both.
///
/// @param edges ascending; none: nobody gave any, or profiles with other edges were merged
/// @param counts of the numbers below the first edge, of each bin, and of those above the last edge
public record Bins(List<Double> edges, List<Long> counts) {
    public static final Bins NONE = new Bins(List.of(), List.of());
    private static final int EDGES_MAX = 10_001;

    public Bins {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        boolean ascending = edges.stream().allMatch(Double::isFinite);
        for (int i = 1; i < edges.size(); i++) ascending &= edges.get(i - 1) < edges.get(i);
        boolean fits = edges.isEmpty() ? counts.isEmpty() : counts.size() == edges.size() + 1;
        if (!ascending || !fits || edges.size() == 1 || edges.size() > EDGES_MAX)
            throw new IllegalArgumentException(
                    "edges %s, %d counts".formatted(edges, counts.size()));
    }

    /// No numbers yet.
    public static Bins of(List<Double> edges) {
        return new Bins(
                edges, edges.isEmpty() ? List.of() : new ArrayList<>(zeros(edges.size() + 1)));
    }

    private static List<Long> zeros(int count) {
        return java.util.Collections.nCopies(count, 0L);
    }

    /// Those between the edges, bin by bin.
    public List<Long> inside() {
        return edges.isEmpty() ? List.of() : counts.subList(1, counts.size() - 1);
    }

    public boolean given() {
        return !edges.isEmpty();
    }

    /// @param empty whether this column has no number at all, so that the other's edges hold
    Bins merge(boolean empty, Bins other, boolean otherEmpty) {
        if (empty && !given()) return other;
        if (otherEmpty && !other.given()) return this;
        if (!edges.equals(other.edges)) return NONE;
        var sum = new ArrayList<Long>();
        for (int i = 0; i < counts.size(); i++) sum.add(counts.get(i) + other.counts.get(i));
        return new Bins(edges, sum);
    }

    ObjectNode json() {
        var json = Json.object();
        json.set("edges", Json.tree(edges));
        json.set("counts", Json.tree(counts));
        return json;
    }

    static Bins read(Fields fields) {
        var edges = fields.list("edges");
        var counts = fields.list("counts");
        try {
            boolean numbers =
                    edges.stream().allMatch(JsonNode::isNumber)
                            && counts.stream()
                                    .allMatch(each ->
                                            each.isIntegralNumber() && each.longValue() >= 0);
            if (numbers)
                return new Bins(
                        edges.stream().map(JsonNode::doubleValue).toList(),
                        counts.stream().map(JsonNode::longValue).toList());
        } catch (IllegalArgumentException notBins) {
            // told below
        }
        fields.violation("edges", "must ascend, with one count more than there are edges");
        return NONE;
    }
}

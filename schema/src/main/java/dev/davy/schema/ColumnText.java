package dev.davy.schema;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// A [Column] as it is written: `{type: category, classes: [A, B], log: hash}`.
final class ColumnText {
    private ColumnText() {}

    /// Notes what is wrong in the fields, and is empty then.
    static Optional<Column> read(String name, Fields fields) {
        var type = fields.optionalChoice("type", ColumnType.class);
        if (!fields.has("type")) fields.violation("type", "is missing");
        boolean required = fields.flag("required", true);
        var classes = Classes.read(fields);
        var log = fields.optionalChoice("log", LogPolicy.class).orElse(LogPolicy.KEEP);
        var shape = shape(fields);
        var channels = fields.optionalInteger("channels", 1, 4);
        var min = boxed(fields.optionalNumber("min"));
        var max = boxed(fields.optionalNumber("max"));
        if (type.isEmpty()) return Optional.empty();
        if (channels.isPresent() && type.get() != ColumnType.IMAGE)
            fields.violation("channels", "is for images only");
        if (fields.has("shape") && type.get() == ColumnType.IMAGE)
            fields.violation("shape", "is for vectors only; an image has channels");
        var axes = type.get() == ColumnType.IMAGE ? channels.stream().boxed().toList() : shape;
        var wrong = Column.contradictions(name, type.get(), classes, axes, min, max);
        wrong.forEach(fields::violation);
        return wrong.isEmpty()
                ? Optional.of(new Column(name, type.get(), required, classes, log, axes, min, max))
                : Optional.empty();
    }

    private static List<Long> shape(Fields fields) {
        var shape = new ArrayList<Long>();
        for (var axis : fields.list("shape"))
            if (axis.isIntegralNumber() && axis.canConvertToLong()) shape.add(axis.longValue());
            else fields.violation("shape", "must be a list of whole numbers");
        return shape;
    }

    private static Optional<Double> boxed(OptionalDouble number) {
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
    }

    static ObjectNode json(Column column) {
        var json = Json.object();
        json.put("type", column.type().word());
        if (!column.required()) json.put("required", false);
        if (!column.classes().isEmpty()) json.set("classes", Classes.json(column.classes()));
        if (column.log() != LogPolicy.KEEP) json.put("log", column.log().word());
        if (column.type() == ColumnType.IMAGE)
            column.shape().forEach(channels -> json.put("channels", channels));
        else if (!column.shape().isEmpty()) {
            var shape = Json.array();
            column.shape().forEach(shape::add);
            json.set("shape", shape);
        }
        column.min().ifPresent(min -> put(json, "min", min));
        column.max().ifPresent(max -> put(json, "max", max));
        return json;
    }

    // 150 and 150.0 are one and the same limit and must give one and the same hash.
    private static void put(ObjectNode json, String key, double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1L << 53)
            json.put(key, (long) number);
        else json.put(key, number);
    }
}

package dev.davy.strict;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Every limit on what comes from outside, each a setting with a name and a default. What is over
/// one is refused, never cut. Bytes are bytes, counts are counts, times are durations; all are at
/// least 1.
///
/// @param bodyBytes a request's body, as it came and again after decompression
/// @param uploadBytes a model or bundle that is streamed to a file
/// @param chunks chunks of one request's body
/// @param headerBytes all header lines of a request together
/// @param headers header lines of a request
/// @param urlBytes the request line
/// @param headerTimeout until the last header has come
/// @param bodyTimeout until the last byte of the body has come
/// @param idleTimeout for which a connection may be silent between requests
/// @param connections open at the same time
/// @param jsonDepth nested arrays and objects, in JSON and YAML
/// @param jsonNumberDigits characters of one JSON number
/// @param jsonValues values of one JSON text that is read into memory as a tree: numbers, texts,
///   arrays, objects; each takes some hundred bytes there, however short it is in the text
/// @param nameLength characters of a name
/// @param idBytes bytes of an id that a caller made up
/// @param tensorRank dimensions of a tensor
/// @param tensorElements elements of a tensor
/// @param tensors inputs, or outputs, of one request
/// @param imageBytes an image file
/// @param imagePixels width times height of an image
/// @param audioDuration one recording
/// @param csvFieldBytes one cell
/// @param csvRowBytes one row
/// @param csvColumns columns of a table
/// @param csvRows rows of an uploaded table
/// @param csvBytes bytes of an uploaded table, after decompression
/// @param callRows rows, and so predictions, of one call
/// @param callCells cells of the table of one call
/// @param archiveEntries files and folders in an archive
/// @param archiveBytes all files of an archive together, unpacked
/// @param archiveRatio unpacked bytes per packed byte
/// @param archiveDepth folders above a file in an archive; an archive in an archive stays packed
/// @param yamlBytes one YAML text
/// @param metricLabelValues different values of one metric's label, before they become `other`
/// @param pageSize items on one page of a list
/// @param queryTime one query
/// @param queueLength requests waiting for one model
public record Limits(
        long bodyBytes,
        long uploadBytes,
        int chunks,
        int headerBytes,
        int headers,
        int urlBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int connections,
        int jsonDepth,
        int jsonNumberDigits,
        int jsonValues,
        int nameLength,
        int idBytes,
        int tensorRank,
        int tensorElements,
        int tensors,
        long imageBytes,
        long imagePixels,
        Duration audioDuration,
        int csvFieldBytes,
        int csvRowBytes,
        int csvColumns,
        long csvRows,
        long csvBytes,
        int callRows,
        int callCells,
        int archiveEntries,
        long archiveBytes,
        int archiveRatio,
        int archiveDepth,
        int yamlBytes,
        int metricLabelValues,
        int pageSize,
        Duration queryTime,
        int queueLength) {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /// What holds unless a site says otherwise.
    public static final Limits DEFAULT =
            new Limits(
                    64L * MIB,
                    2048L * MIB,
                    65_536,
                    16 * KIB,
                    100,
                    8 * KIB,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    10_000,
                    64,
                    1_000,
                    1_000_000,
                    128,
                    256,
                    16,
                    1 << 26,
                    256,
                    20_000_000,
                    50_000_000,
                    Duration.ofMinutes(10),
                    MIB,
                    4 * MIB,
                    4_096,
                    10_000_000,
                    2048L * MIB,
                    100_000,
                    1_000_000,
                    1_000,
                    4096L * MIB,
                    100,
                    16,
                    MIB,
                    100,
                    1_000,
                    Duration.ofSeconds(10),
                    1_000);

    public Limits {
        if (jsonDepth > 512)
            throw new IllegalArgumentException(
                    "jsonDepth is " + jsonDepth + "; readers go down at most 512 levels");
        for (var each :
                new long[] {
                    bodyBytes,
                    uploadBytes,
                    chunks,
                    headerBytes,
                    headers,
                    urlBytes,
                    connections,
                    jsonDepth,
                    jsonNumberDigits,
                    jsonValues,
                    nameLength,
                    idBytes,
                    tensorRank,
                    tensorElements,
                    tensors,
                    imageBytes,
                    imagePixels,
                    csvFieldBytes,
                    csvRowBytes,
                    csvColumns,
                    csvRows,
                    csvBytes,
                    callRows,
                    callCells,
                    archiveEntries,
                    archiveBytes,
                    archiveRatio,
                    archiveDepth,
                    yamlBytes,
                    metricLabelValues,
                    pageSize,
                    queueLength
                })
            if (each < 1)
                throw new IllegalArgumentException("a limit is " + each + "; the smallest is 1");
        for (var each :
                new Duration[] {headerTimeout, bodyTimeout, idleTimeout, audioDuration, queryTime})
            if (each.isNegative() || each.isZero())
                throw new IllegalArgumentException(
                        "a limit is " + each + "; it must be longer than nothing");
    }

    /// By name in kebab-case, in the order above; values are `Long` or, for times, ISO 8601 text.
    public Map<String, Object> asMap() {
        var map = new LinkedHashMap<String, Object>();
        for (var component : Limits.class.getRecordComponents())
            map.put(key(component), shown(valueOf(component)));
        return map;
    }

    /// These limits with one changed, as a setting says it: `with("body-bytes", "16 MiB")`.
    ///
    /// @throws Problem `limit-unknown` for a key that is none, with the nearest one;
    ///   `limit-not-allowed` for a value that cannot be
    public Limits with(String key, String value) {
        var components = Limits.class.getRecordComponents();
        var values = Arrays.stream(components).map(this::valueOf).toArray();
        for (int i = 0; i < components.length; i++)
            if (key(components[i]).equals(key)) {
                try {
                    values[i] = read(components[i].getType(), key, value);
                    var types =
                            Arrays.stream(components)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new);
                    return Limits.class.getDeclaredConstructor(types).newInstance(values);
                } catch (ArithmeticException
                        | ReflectiveOperationException
                        | IllegalArgumentException e) {
                    throw new Problem(
                            Problem.Kind.UNACCEPTABLE,
                            "limit-not-allowed",
                            "The limit '" + key + "' cannot be " + Quote.of(value) + ".",
                            "It must be at least 1 and fit its type.",
                            "The default is " + DEFAULT.asMap().get(key) + ".");
                }
            }
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "limit-unknown",
                "There is no limit " + Quote.of(key) + ".",
                Nearest.hint(key, asMap().keySet()),
                "The limits are: " + String.join(", ", asMap().keySet()) + ".");
    }

    private static Object read(Class<?> type, String key, String value) {
        if (type == Duration.class) return Units.duration(value);
        long number = key.endsWith("-bytes") ? Units.bytes(value) : Numbers.integer(value.strip());
        if (type == int.class) return Math.toIntExact(number);
        return number;
    }

    private Object valueOf(RecordComponent component) {
        try {
            return component.getAccessor().invoke(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object shown(Object value) {
        return value instanceof Number number ? number.longValue() : value.toString();
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}

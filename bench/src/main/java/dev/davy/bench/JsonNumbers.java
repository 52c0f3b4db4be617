package dev.davy.bench;

import dev.davy.strict.JsonCursor;
import dev.davy.strict.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/// Reading the numbers of one whole inference request, and writing them as an answer does: our own
/// scanner and writer beside Jackson's streams.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JsonNumbers {
    private static final byte[] INPUTS = "inputs".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

    private final JsonCursor cursor = new JsonCursor();
    private final JsonWriter writer = new JsonWriter();
    private final JsonFactory plain = new JsonFactory();
    private final JsonFactory fast =
            JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build();

    /// How many numbers: a row of a table, an image.
    @Param({"20", "4096"})
    public int numbers;

    private byte[] request = {};
    private float[] values = {};
    private float[] into = {};
    private long[] shape = {};

    @Setup
    public void draw() {
        values = Requests.drawn(numbers);
        into = new float[numbers];
        shape = new long[] {1, numbers};
        request =
                Requests.jsonBody("x", "[1," + numbers + "]", values)
                        .getBytes(StandardCharsets.US_ASCII);
    }

    @Benchmark
    public float[] readOurs() {
        cursor.reset(request, 0, request.length);
        cursor.beginObject();
        while (cursor.nextField()) {
            if (!cursor.fieldIs(INPUTS)) {
                cursor.skip();
                continue;
            }
            cursor.beginArray();
            while (cursor.nextElement()) {
                cursor.beginObject();
                while (cursor.nextField())
                    if (cursor.fieldIs(DATA)) cursor.float32s(into, numbers, shape);
                    else cursor.skip();
            }
        }
        cursor.end();
        return into;
    }

    @Benchmark
    public float[] readJacksonFast() {
        return readJackson(fast);
    }

    @Benchmark
    public float[] readJacksonDefault() {
        return readJackson(plain);
    }

    private float[] readJackson(JsonFactory factory) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), request)) {
            int count = 0;
            boolean inData = false;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) inData = parser.currentName().equals("data");
                else if (inData && token == JsonToken.VALUE_NUMBER_FLOAT)
                    into[count++] = parser.getFloatValue();
                else if (inData && token == JsonToken.VALUE_NUMBER_INT)
                    into[count++] = parser.getIntValue();
            }
            return into;
        }
    }

    @Benchmark
    public int writeOurs() {
        writer.reset();
        writer.beginArray();
        for (float value : values) writer.value(value);
        writer.endArray();
        return writer.length();
    }

    @Benchmark
    public int writeJacksonFast() {
        return writeJackson(fast);
    }

    @Benchmark
    public int writeJacksonDefault() {
        return writeJackson(plain);
    }

    private int writeJackson(JsonFactory factory) {
        try (var out = new ByteArrayBuilder(16 * numbers)) {
            try (JsonGenerator generator =
                    factory.createGenerator(ObjectWriteContext.empty(), out)) {
                generator.writeStartArray();
                for (float value : values) generator.writeNumber(value);
                generator.writeEndArray();
            }
            return out.size();
        }
    }
}

package dev.davy.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client of `ModelInfer` by hand: one row of numbers in, one row out, messages field by field.
final class GrpcWire implements AutoCloseable {
    private static final String PATH = "/inference.GRPCInferenceService/ModelInfer";
    private static final int FRAME_HEAD = 5;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient http =
            vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false));

    /// @param parameters of the answer
    record Answer(Map<String, String> parameters, List<Float> row) {}

    private interface Content {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Content content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        content.to(out);
        out.flush();
        return bytes.toByteArray();
    }

    /// @throws IOException when there is no answer, with what the server said
    Answer infer(int port, String model, String input, float[] row)
            throws IOException, InterruptedException {
        var raw = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float each : row) raw.putFloat(each);
        var tensor =
                message(out -> {
                    out.writeString(1, input);
                    out.writeString(2, "FP32");
                    out.writeInt64(3, 1);
                    out.writeInt64(3, row.length);
                });
        var message =
                message(out -> {
                    out.writeString(1, model);
                    out.writeByteArray(5, tensor);
                    out.writeByteArray(7, raw.array());
                });
        return read(call(port, message));
    }

    private record Heard(String status, String text, Buffer body) {}

    private byte[] call(int port, byte[] message) throws IOException, InterruptedException {
        var framed = Buffer.buffer().appendByte((byte) 0).appendInt(message.length);
        framed.appendBytes(message);
        var to =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(PATH)
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers");
        var asked =
                // Nested, so that all is asked for on the event loop, before anything can come.
                http.request(to).compose(request -> request.send(framed).compose(GrpcWire::whole));
        try {
            var heard =
                    asked.toCompletionStage()
                            .toCompletableFuture()
                            .get(Client.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!heard.status().equals("0"))
                throw new IOException("status " + heard.status() + ": " + heard.text());
            return heard.body().getBytes(FRAME_HEAD, heard.body().length());
        } catch (ExecutionException | TimeoutException broken) {
            throw new IOException(String.valueOf(broken.getMessage()), broken);
        }
    }

    private static Future<Heard> whole(HttpClientResponse response) {
        return response.body()
                .map(body -> {
                    // A refusal without a message has its status in front.
                    var end =
                            response.getTrailer("grpc-status") == null
                                    ? response.headers()
                                    : response.trailers();
                    return new Heard(
                            String.valueOf(end.get("grpc-status")),
                            String.valueOf(end.get("grpc-message")),
                            body);
                });
    }

    private static Answer read(byte[] message) throws IOException {
        var parameters = new HashMap<String, String>();
        var row = new ArrayList<Float>();
        var in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag())
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 4 -> parameter(in.readByteArray(), parameters);
                case 6 -> {
                    var raw = ByteBuffer.wrap(in.readByteArray()).order(ByteOrder.LITTLE_ENDIAN);
                    while (raw.hasRemaining()) row.add(raw.getFloat());
                }
                default -> in.skipField(tag);
            }
        return new Answer(parameters, row);
    }

    /// An entry of a map: a key, and a message with a string in its third field.
    private static void parameter(byte[] entry, Map<String, String> into) throws IOException {
        var key = "";
        var value = "";
        var in = CodedInputStream.newInstance(entry);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag())
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readString();
                case 2 -> {
                    var of = CodedInputStream.newInstance(in.readByteArray());
                    for (int field = of.readTag(); field != 0; field = of.readTag())
                        if (WireFormat.getTagFieldNumber(field) == 3) value = of.readString();
                        else of.skipField(field);
                }
                default -> in.skipField(tag);
            }
        into.put(key, value);
    }

    @Override
    public void close() {
        vertx.close();
    }
}

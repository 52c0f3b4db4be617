package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client of the protocol's gRPC service, by hand: HTTP/2 with prior knowledge, and messages
/// field by field, so that what goes over the wire is what the published interface says and not
/// what our own code thinks of it.
final class GrpcCaller {
    private static final String SERVICE = "/inference.GRPCInferenceService/";

    private final HttpClient http;
    private final int port;

    GrpcCaller(Vertx vertx, int port) {
        this.port = port;
        http =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false));
    }

    /// @param status the code of gRPC: 0 is well
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Said(int status, String text, byte[] message) {}

    /// One call with one message.
    ///
    /// @param headers names and values in turn
    Said call(String method, byte[] message, String... headers) {
        var framed = Buffer.buffer().appendByte((byte) 0).appendInt(message.length);
        framed.appendBytes(message);
        var to =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(SERVICE + method)
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers");
        for (int i = 0; i < headers.length; i += 2) to.putHeader(headers[i], headers[i + 1]);
        // Nested, so that all is asked for on the event loop, before anything can come.
        var said =
                http.request(to)
                        .compose(request -> request.send(framed).compose(GrpcCaller::whole));
        try {
            return said.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Future<Said> whole(HttpClientResponse response) {
        return response.body()
                .map(body -> {
                    // A refusal without a message has its status in front.
                    var status = response.getTrailer("grpc-status");
                    var text = response.getTrailer("grpc-message");
                    if (status == null) status = response.getHeader("grpc-status");
                    if (text == null) text = response.getHeader("grpc-message");
                    return new Said(
                            Integer.parseInt(String.valueOf(status)),
                            String.valueOf(text),
                            body.length() < 5 ? new byte[0] : body.getBytes(5, body.length()));
                });
    }

    Map<String, OipTensor> infer(String model, OipTensor... inputs) {
        var said = call("ModelInfer", request(model, inputs));
        assertThat(said.status()).as(said.text()).isZero();
        return outputs(said.message());
    }

    interface Content {
        void to(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Content content) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            content.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// `ModelInferRequest` with `raw_input_contents`.
    static byte[] request(String model, OipTensor... inputs) {
        return message(out -> {
            out.writeString(1, model);
            for (var input : inputs)
                out.writeByteArray(
                        5,
                        message(tensor -> {
                            tensor.writeString(1, input.name());
                            tensor.writeString(2, input.datatype());
                            if (!input.shape().isEmpty())
                                tensor.writeByteArray(
                                        3,
                                        message(packed -> {
                                            for (long length : input.shape())
                                                packed.writeInt64NoTag(length);
                                        }));
                        }));
            for (var input : inputs) out.writeByteArray(7, input.raw());
        });
    }

    /// Of a `ModelInferResponse`.
    private static Map<String, OipTensor> outputs(byte[] response) {
        var described = new ArrayList<OipTensor>();
        var raw = new ArrayList<byte[]>();
        try {
            var in = CodedInputStream.newInstance(response);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag())
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 5 -> described.add(described(in.readByteArray()));
                    case 6 -> raw.add(in.readByteArray());
                    default -> in.skipField(tag);
                }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(raw).hasSameSizeAs(described);
        var outputs = new LinkedHashMap<String, OipTensor>();
        for (int i = 0; i < raw.size(); i++) {
            var about = described.get(i);
            outputs.put(
                    about.name(),
                    new OipTensor(about.name(), about.datatype(), about.shape(), raw.get(i)));
        }
        return outputs;
    }

    private static OipTensor described(byte[] message) throws IOException {
        String name = "", datatype = "";
        List<Long> shape = new ArrayList<>();
        var in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag())
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> datatype = in.readString();
                case 3 -> {
                    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED)
                        shape.add(in.readInt64());
                    else {
                        int before = in.pushLimit(in.readRawVarint32());
                        while (in.getBytesUntilLimit() > 0) shape.add(in.readInt64());
                        in.popLimit(before);
                    }
                }
                default -> in.skipField(tag);
            }
        return new OipTensor(name, datatype, shape, new byte[0]);
    }
}

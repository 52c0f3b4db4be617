package dev.davy.runtime;

import dev.davy.strict.Fields;
import dev.davy.strict.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A model on another server that speaks the Open Inference Protocol v2 over REST.
///
/// Tensors travel in the protocol's binary form where the server offers it, else as JSON. Only
/// servers on a given list are called, redirects are not followed, and answers have a limit.
public final class Remote implements Model {
    private static final Duration ASKING = Duration.ofSeconds(10);

    private final RemoteServer server;
    private final String path;
    private final Signature signature;
    private final boolean binary;
    private final boolean batches;
    private volatile boolean closed;

    private Remote(
            RemoteServer server,
            String path,
            Signature signature,
            boolean binary,
            boolean batches) {
        this.server = server;
        this.path = path;
        this.signature = signature;
        this.binary = binary;
        this.batches = batches;
    }

    /// Asks the server for the model's signature.
    ///
    /// @param base `http://host:port`
    /// @param version the version asked for; empty for the one the server chooses
    /// @param allowed `host:port` of every server that may be called; another is refused
    /// @throws dev.davy.strict.Problem `FORBIDDEN` when the server is not allowed, `UNAVAILABLE`
    ///   when it does not answer, `UNACCEPTABLE` when it does not speak the protocol
    public static Remote open(
            URI base, String model, Optional<String> version, Set<String> allowed, Limits limits) {
        var server = RemoteServer.of(base, allowed, limits);
        try {
            var path =
                    "/v2/models/"
                            + RemoteServer.encoded(model)
                            + version.map(v -> "/versions/" + RemoteServer.encoded(v)).orElse("");
            var metadata = server.get(path, ASKING);
            var extensions = server.get("/v2", ASKING);
            boolean binary = false;
            for (var each : extensions.path("extensions").values())
                binary |= each.asString("").equals("binary_tensor_data");
            return new Remote(
                    server,
                    path,
                    signature(Fields.of(metadata, "The remote model")),
                    binary,
                    false);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Signature signature(Fields fields) {
        try {
            var signature = Signature.read(fields);
            if (signature.outputs().isEmpty()) fields.violation("outputs", "is missing");
            // Other members are the server's own: only what was asked for is judged.
            if (!signature.outputs().isEmpty()) return signature;
        } catch (IllegalArgumentException e) {
            fields.violation(String.valueOf(e.getMessage()));
        }
        fields.done();
        throw RemoteServer.notTheProtocol("Its metadata names no outputs.");
    }

    /// The same model, with the word of whoever set it up that its rows do not influence each
    /// other, so that rows of different callers may share a call.
    public Remote batching() {
        return new Remote(server, path, signature, binary, signature.leads());
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Session open() {
        if (closed) throw Failures.closed();
        var forms = Onnx.forms(signature, true, Set.of());
        return new RemoteSession(this, forms);
    }

    /// One call.
    List<Tensor> call(List<Tensor> inputs, List<Tensor> last, Duration within) {
        if (closed) throw Failures.closed();
        var request = binary ? OipText.binary(signature, inputs) : OipText.json(signature, inputs);
        var answer = server.post(path + "/infer", request, within);
        return OipText.outputs(signature, answer, last);
    }

    @Override
    public boolean batches() {
        return batches;
    }

    @Override
    public void close() {
        closed = true;
        server.close();
    }
}

package dev.davy.server;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The ways in which a client of the Open Inference Protocol sends tensors and gets them.
enum OipWay {
    JSON {
        @Override
        Map<String, OipTensor> infer(
                Caller caller, GrpcCaller grpc, String model, OipTensor... inputs) {
            var body = Json.object();
            var list = body.putArray("inputs");
            for (var input : inputs) {
                var each = list.addObject().put("name", input.name());
                each.put("datatype", input.datatype()).set("shape", Json.tree(input.shape()));
                each.set("data", input.json());
            }
            var answer = caller.post("/v2/models/" + model + "/infer", Json.text(body)).is(200);
            var outputs = new LinkedHashMap<String, OipTensor>();
            for (var output : answer.json().get("outputs"))
                outputs.put(output.get("name").asString(), OipTensor.of(output));
            return outputs;
        }
    },
    BINARY {
        @Override
        Map<String, OipTensor> infer(
                Caller caller, GrpcCaller grpc, String model, OipTensor... inputs) {
            var head = Json.object();
            head.putObject("parameters").put("binary_data_output", true);
            var list = head.putArray("inputs");
            var raw = new ByteArrayOutputStream();
            for (var input : inputs) {
                var each = list.addObject().put("name", input.name());
                each.put("datatype", input.datatype()).set("shape", Json.tree(input.shape()));
                each.putObject("parameters").put("binary_data_size", input.raw().length);
                raw.writeBytes(input.raw());
            }
            var json = Json.write(head);
            var body = new ByteArrayOutputStream();
            body.writeBytes(json);
            body.writeBytes(raw.toByteArray());
            var answer =
                    caller.send(
                                    "POST",
                                    "/v2/models/" + model + "/infer",
                                    body.toByteArray(),
                                    "Content-Type",
                                    "application/octet-stream",
                                    LENGTH,
                                    Integer.toString(json.length))
                            .is(200);
            int at = Integer.parseInt(answer.header(LENGTH));
            var said = Json.read(Arrays.copyOf(answer.body(), at), Limits.DEFAULT);
            var outputs = new LinkedHashMap<String, OipTensor>();
            for (var output : said.get("outputs")) {
                int size = output.at("/parameters/binary_data_size").asInt();
                var name = output.get("name").asString();
                outputs.put(
                        name,
                        new OipTensor(
                                name,
                                output.get("datatype").asString(),
                                OipTensor.shape(output),
                                Arrays.copyOfRange(answer.body(), at, at + size)));
                at += size;
            }
            return outputs;
        }
    },
    GRPC {
        @Override
        Map<String, OipTensor> infer(
                Caller caller, GrpcCaller grpc, String model, OipTensor... inputs) {
            return grpc.infer(model, inputs);
        }
    };

    private static final String LENGTH = "Inference-Header-Content-Length";

    /// The outputs by name.
    ///
    /// @param caller for REST
    /// @param grpc for gRPC
    abstract Map<String, OipTensor> infer(
            Caller caller, GrpcCaller grpc, String model, OipTensor... inputs);
}

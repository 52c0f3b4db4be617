package dev.davy.serving.oip;

import dev.davy.serving.Endpoints;
import dev.davy.serving.Routing;
import dev.davy.strict.Problem;

/// The calls of the gRPC service that ask about endpoints, or load and unload them. Blocking.
final class GrpcManagement {

    private final Endpoints endpoints;

    GrpcManagement(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    byte[] answer(String method, byte[] message, String who) {
        return switch (method) {
            case "ServerLive" -> GrpcMessages.flag(true);
            case "ServerReady" -> GrpcMessages.flag(Repository.ready(endpoints.table()));
            case "ModelReady" -> GrpcMessages.flag(named(message).ready());
            case "ServerMetadata" ->
                    GrpcMessages.message(out -> {
                        out.writeString(1, Repository.SERVER);
                        out.writeString(2, Repository.VERSION);
                        for (var extension : Repository.EXTENSIONS) out.writeString(3, extension);
                    });
            case "ModelMetadata" -> metadata(named(message));
            case "RepositoryIndex" -> index(message);
            case "RepositoryModelLoad" -> {
                endpoints.load(GrpcMessages.strings(message).getOrDefault(2, ""), who);
                yield new byte[0];
            }
            case "RepositoryModelUnload" -> {
                endpoints.unload(GrpcMessages.strings(message).getOrDefault(2, ""), who);
                yield new byte[0];
            }
            default ->
                    throw new Problem(
                            Problem.Kind.NOT_OFFERED,
                            "method-not-offered",
                            "The method '" + method + "' is not offered here.",
                            "It is an extension.",
                            "See ServerMetadata for the extensions that are.");
        };
    }

    private Routing named(byte[] message) {
        var strings = GrpcMessages.strings(message);
        return Repository.find(
                endpoints.table(), strings.getOrDefault(1, ""), strings.getOrDefault(2, ""));
    }

    private static byte[] metadata(Routing routing) {
        if (!routing.ready()) throw InferProblems.notReady(routing.endpoint().name());
        return GrpcMessages.message(out -> {
            out.writeString(1, routing.endpoint().name());
            for (var version : Repository.versions(routing)) out.writeString(2, version);
            out.writeString(3, Repository.platform(routing));
            for (var spec : routing.shape().signature().inputs())
                GrpcMessages.tensorMetadata(out, 4, spec);
            for (var spec : routing.shape().signature().outputs())
                GrpcMessages.tensorMetadata(out, 5, spec);
        });
    }

    private byte[] index(byte[] message) {
        boolean[] onlyReady = new boolean[1];
        GrpcMessages.read(
                com.google.protobuf.CodedInputStream.newInstance(message),
                (field, in) -> {
                    if (field != 2) return false;
                    onlyReady[0] = in.readBool();
                    return true;
                });
        return GrpcMessages.message(out -> {
            for (var entry : Repository.index(endpoints, onlyReady[0]))
                GrpcMessages.nested(
                        out,
                        1,
                        model -> {
                            model.writeString(1, entry.name());
                            model.writeString(2, entry.version());
                            model.writeString(3, entry.state());
                            model.writeString(4, entry.reason());
                        });
        });
    }
}

package dev.davy.http;

import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Whether a request has what its route takes: query parameters, a body, a content type.
final class Admission {
    private static final String MANAGEMENT = "/api/";

    private Admission() {}

    /// The query parameters that the route knows.
    ///
    /// @throws Problem MALFORMED `query-unknown` for others, under `/api/`
    static Map<String, List<String>> known(Route route, Target target) {
        var known = new HashMap<>(target.query());
        known.keySet().retainAll(Set.copyOf(route.query()));
        if (known.size() == target.query().size() || !route.template().startsWith(MANAGEMENT))
            return known;
        var violations = new ArrayList<String>();
        for (var name : target.query().keySet())
            if (!route.query().contains(name))
                violations.add(
                        ("'" + name + "' is not known here. " + Nearest.hint(name, route.query()))
                                .strip());
        throw new Problem(
                Kind.MALFORMED,
                "query-unknown",
                "There are query parameters that this address does not know.",
                violations,
                route.query().isEmpty()
                        ? "It takes none."
                        : "It takes " + String.join(", ", route.query()) + ".");
    }

    /// The body's content type, if the route takes it.
    ///
    /// @return in lower case and without parameters; empty when there is no body
    /// @throws Problem UNSUPPORTED_MEDIA `body-not-expected`, `content-type-not-supported`;
    ///   MALFORMED `body-missing`
    static String contentType(HttpServerRequest request, Upload upload) {
        boolean hasBody = hasBody(request);
        if (upload.kind() == Upload.Kind.NONE) {
            if (!hasBody) return "";
            throw new Problem(
                    Kind.UNSUPPORTED_MEDIA,
                    "body-not-expected",
                    "This address takes no body.",
                    "The request has one.",
                    "Send it without.");
        }
        if (!hasBody && upload.types().contains("")) return "";
        // A file of no bytes is a file: whoever reads such files says what is wrong with it.
        if (!hasBody && !namesAFile(request, upload))
            throw new Problem(
                    Kind.MALFORMED,
                    "body-missing",
                    "This address needs a body.",
                    "The request has none.",
                    "Send one of type " + String.join(" or ", upload.types()) + ".");
        var header = request.getHeader("content-type");
        var parts = (header == null ? "" : header).toLowerCase(Locale.ROOT).split(";");
        var type = parts.length == 0 ? "" : parts[0].strip();
        boolean utf8 = true;
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip();
            if (parameter.startsWith("charset="))
                utf8 = parameter.matches("charset=\"?(utf-8|us-ascii)\"?");
        }
        if (utf8 && upload.types().stream().anyMatch(each -> matches(each, type))) return type;
        throw new Problem(
                Kind.UNSUPPORTED_MEDIA,
                "content-type-not-supported",
                "The body's content type is not read here.",
                "This address takes " + String.join(", ", upload.types()) + ", text as UTF-8.",
                "Send one of these, and say so in Content-Type.");
    }

    /// The encoding itself, if the route's kind of body can be decoded.
    ///
    /// @throws Problem UNSUPPORTED_MEDIA `encoding-not-supported`
    static Encoding encoding(Encoding encoding, Upload upload) {
        if (encoding == Encoding.NONE || upload.kind() != Upload.Kind.FILE) return encoding;
        throw new Problem(
                Kind.UNSUPPORTED_MEDIA,
                "encoding-not-supported",
                "A file may not be compressed on its way.",
                "This address stores the body as it comes.",
                "Send the file itself, without Content-Encoding.");
    }

    private static boolean namesAFile(HttpServerRequest request, Upload upload) {
        var type = request.getHeader("content-type");
        return type != null
                && !type.contains("json")
                && !type.contains("yaml")
                && upload.types().contains(type.toLowerCase(Locale.ROOT));
    }

    private static boolean matches(String allowed, String type) {
        return allowed.endsWith("/*")
                ? type.startsWith(allowed.substring(0, allowed.length() - 1))
                : allowed.equals(type);
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        if (length != null) return !length.equals("0");
        if (request.version() == HttpVersion.HTTP_2)
            return request.getHeader("content-type") != null && !request.isEnded();
        return request.getHeader("transfer-encoding") != null;
    }
}

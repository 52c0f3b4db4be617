package dev.davy.http;

import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The target of a request line (RFC 9112, section 3.2), decoded exactly once. What is decoded
/// twice somewhere, or normalised after it was checked, is how files outside a folder get read.
///
/// @param segments of the path, decoded; none is `.` or `..` and none holds a slash, a backslash or
///   a control character
/// @param query by name, in the order of the request
/// @param authority of a target in absolute form
record Target(List<String> segments, Map<String, List<String>> query, Optional<String> authority) {
    private static final int MOST_PARAMETERS = 100;

    String path() {
        return "/" + String.join("/", segments);
    }

    /// @throws Problem MALFORMED `target-malformed`
    static Target of(String raw) {
        Optional<String> authority = Optional.empty();
        var rest = raw;
        if (raw.regionMatches(true, 0, "http://", 0, 7)) {
            int slash = raw.indexOf('/', 7);
            authority = Optional.of(slash < 0 ? raw.substring(7) : raw.substring(7, slash));
            rest = slash < 0 ? "/" : raw.substring(slash);
        }
        if (!rest.startsWith("/")) throw malformed("It does not begin with a slash.");
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c <= ' ' || c >= 127 || c == '\\' || c == '#')
                throw malformed("It holds the character U+%04X as it is.".formatted((int) c));
        }
        int question = rest.indexOf('?');
        var path = question < 0 ? rest : rest.substring(0, question);
        var query = question < 0 ? "" : rest.substring(question + 1);
        return new Target(segments(path), parameters(query), authority);
    }

    private static List<String> segments(String path) {
        var segments = new ArrayList<String>();
        for (var raw : path.substring(1).split("/", -1)) {
            var segment = decoded(raw, false);
            if (segment.equals(".") || segment.equals(".."))
                throw malformed("It has a segment of dots.");
            if (segment.indexOf('/') >= 0 || segment.indexOf('\\') >= 0)
                throw malformed("It has a slash inside a segment.");
            segments.add(segment);
        }
        return segments;
    }

    private static Map<String, List<String>> parameters(String query) {
        var parameters = new LinkedHashMap<String, List<String>>();
        if (query.isEmpty()) return parameters;
        var pairs = query.split("&", -1);
        if (pairs.length > MOST_PARAMETERS)
            throw malformed("It has more than " + MOST_PARAMETERS + " query parameters.");
        for (var pair : pairs) {
            if (pair.isEmpty()) continue;
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decoded(String raw, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0 && (!plusIsSpace || raw.indexOf('+') < 0)) return raw;
        var bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
                if (low < 0) throw malformed("A percent sign is not followed by two hex digits.");
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            for (int i = 0; i < text.length(); i++)
                if (Character.isISOControl(text.charAt(i)))
                    throw malformed("It holds a control character.");
            return text;
        } catch (CharacterCodingException e) {
            throw malformed("Its percent-encoded bytes are not UTF-8.");
        }
    }

    private static Problem malformed(String why) {
        return new Problem(
                Kind.MALFORMED,
                "target-malformed",
                "The address in the request line cannot be read.",
                why,
                "Send a path like /api/v1/models, percent-encoded once.");
    }
}

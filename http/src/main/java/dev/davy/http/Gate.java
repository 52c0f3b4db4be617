package dev.davy.http;

import dev.davy.access.Permission;
import dev.davy.access.Principal;
import dev.davy.access.Tokens;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Asks of a request: is it meant for us, does it come from a page of ours, who sends it, and may
/// they? Cheap enough for the data path: what was last found good is recognised by comparing text.
public final class Gate {
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("origin");
    private static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
    private static final CharSequence FORWARDED_FOR =
            HttpHeaders.createOptimized("x-forwarded-for");
    private static final String BEARER = "Bearer ";

    /// What an `Authorization` header was found to mean, as of a generation of the tokens.
    private record Known(String authorization, long generation, Principal who) {}

    private final Tokens tokens;
    private volatile @Nullable Hosts hosts;
    // Each is one immutable value. A thread that sees an old one asks once more, no worse.
    private String lastHost = "";
    private @Nullable Known lastKnown;

    Gate(Tokens tokens) {
        this.tokens = tokens;
    }

    /// Lets requests in that are for one of these. Until then there are none: which port is ours,
    /// is known only when we listen.
    void open(Hosts hosts) {
        this.hosts = hosts;
    }

    /// Who sends it, if they may.
    ///
    /// @throws Problem `host-missing` (400), `host-not-allowed` (421), `origin-not-allowed` (403),
    ///   `token-missing`, `token-unknown` (401), `not-permitted` (403)
    public Principal check(HttpServerRequest request, Permission needs) {
        addressed(request);
        return permitted(request, needs);
    }

    /// Whether it is meant for us, and not sent by another site's page.
    void addressed(HttpServerRequest request) {
        var host = host(request);
        if (!host.equals(lastHost)) {
            if (!hosts().allow(host)) throw misdirected();
            lastHost = host;
        }
        var uri = request.uri();
        if (!uri.startsWith("/") && !uri.equals("*"))
            Target.of(uri)
                    .authority()
                    .ifPresent(named -> {
                        if (!hosts().allow(named)) throw misdirected();
                    });
        var method = request.method();
        if (!method.equals(HttpMethod.GET)
                && !method.equals(HttpMethod.HEAD)
                && !method.equals(HttpMethod.OPTIONS)) fromOurOwnPage(request, host);
    }

    Principal permitted(HttpServerRequest request, Permission needs) {
        if (needs == Permission.NONE) return Principal.NOBODY;
        var who = who(request);
        if (!who.may(needs))
            throw new Problem(
                    Kind.FORBIDDEN,
                    "not-permitted",
                    "The token '" + who.name() + "' may not do this.",
                    "It has the role "
                            + who.role().name().toLowerCase(Locale.ROOT)
                            + ", which lacks the permission to "
                            + needs.name().toLowerCase(Locale.ROOT)
                            + ".",
                    "Use a token with another role.");
        return who;
    }

    /// Before a body is read: lets it come (answers `Expect: 100-continue`) if its declared length
    /// and encoding can be taken. The length must still be counted while it comes.
    ///
    /// @return how it must be decoded
    /// @throws Problem `body-too-large` (413), `encoding-not-supported` (415)
    public Encoding admitBody(HttpServerRequest request, long maxBytes) {
        var headers = request.headers();
        var length = headers.get(HttpHeaders.CONTENT_LENGTH);
        // The decoder has seen to it that it is a number; one of 19 digits is too large anyway.
        if (length != null && (length.length() > 18 || Long.parseLong(length) > maxBytes))
            throw tooLarge(maxBytes);
        var encoding = Encoding.of(headers.get(HttpHeaders.CONTENT_ENCODING));
        var expect = headers.get(HttpHeaders.EXPECT);
        if (expect != null && expect.equalsIgnoreCase("100-continue"))
            request.response().writeContinue();
        return encoding;
    }

    /// The problem of a body that is longer than it may be.
    public static Problem tooLarge(long maxBytes) {
        return new Problem(
                Kind.TOO_LARGE,
                "body-too-large",
                "The request's body is too large.",
                "At most " + maxBytes + " bytes are taken here.",
                "Send less at once.");
    }

    /// A new id for a request, for its answer and the log.
    public String requestId() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    }

    /// Answers with a problem: as a problem document, or as `{"error":…}` under `/v2`. A body that
    /// is still coming is not waited for. To be called on the request's event loop.
    public void answer(HttpServerRequest request, Problem problem, String requestId) {
        Answer.refusal(request, Refusal.of(problem), requestId);
    }

    private String host(HttpServerRequest request) {
        String host;
        if (request.version() == HttpVersion.HTTP_2) {
            var authority = request.authority();
            host = authority == null ? null : authority.toString();
        } else host = request.headers().get(HttpHeaders.HOST);
        if (host != null) return host;
        throw new Problem(
                Kind.MALFORMED,
                "host-missing",
                "The request does not say which host it is for.",
                "It has no Host header.",
                "Use HTTP/1.1 or HTTP/2 and send one.");
    }

    private Hosts hosts() {
        var known = hosts;
        if (known != null) return known;
        throw new Problem(
                Kind.UNAVAILABLE,
                "starting",
                "The server is starting.",
                "It does not know its own address yet.",
                "Try again in a second.");
    }

    private static void fromOurOwnPage(HttpServerRequest request, String host) {
        var origin = request.headers().get(ORIGIN);
        var site = request.headers().get(FETCH_SITE);
        if (origin == null && !"cross-site".equals(site)) return;
        int slashes = origin == null ? -1 : origin.indexOf("://");
        if (slashes >= 0 && origin.substring(slashes + 3).equalsIgnoreCase(host)) return;
        throw new Problem(
                Kind.FORBIDDEN,
                "origin-not-allowed",
                "A page of another site may not change anything here.",
                "The request's Origin is not this host.",
                "Call from a page of this server, or from a program.");
    }

    private Principal who(HttpServerRequest request) {
        var headers = request.headers();
        var authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization != null) return holder(authorization);
        var cookies = headers.get(HttpHeaders.COOKIE);
        if (cookies != null) {
            var token = SignIn.token(cookies);
            if (!token.isEmpty()) return holder(BEARER + token);
        }
        boolean direct = headers.get(FORWARDED) == null && headers.get(FORWARDED_FOR) == null;
        if (direct && hosts().isOwnMachine(host(request))) return Principal.LOCAL;
        throw new Problem(
                Kind.UNAUTHENTICATED,
                "token-missing",
                "It is not known who is asking.",
                "The request has no token, and this address needs one.",
                "Send the header Authorization: Bearer TOKEN.");
    }

    private Principal holder(String authorization) {
        var known = lastKnown;
        if (known != null
                && known.generation == tokens.generation()
                && same(known.authorization, authorization)) return known.who;
        long generation = tokens.generation();
        var who =
                authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        ? tokens.check(authorization.substring(BEARER.length()).strip())
                        : java.util.Optional.<Principal>empty();
        if (who.isEmpty())
            throw new Problem(
                    Kind.UNAUTHENTICATED,
                    "token-unknown",
                    "It is not known who is asking.",
                    "The token is not valid, or no longer.",
                    "Send the header Authorization: Bearer TOKEN, with a token that is.");
        lastKnown = new Known(authorization, generation, who.get());
        return who.get();
    }

    /// Equal or not, in a time that does not tell where they differ.
    private static boolean same(String a, String b) {
        if (a.length() != b.length()) return false;
        int difference = 0;
        for (int i = 0; i < a.length(); i++) difference |= a.charAt(i) ^ b.charAt(i);
        return difference == 0;
    }

    private static Problem misdirected() {
        return new Problem(
                Kind.MISDIRECTED,
                "host-not-allowed",
                "The request is for another host.",
                "Its Host header is none of the names of this server.",
                "Use a name of this server, or add yours to the allowed hosts.");
    }
}

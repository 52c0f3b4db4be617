package dev.davy.http;

/// How a browser says who uses it: a token in a cookie that no script can read and that no other
/// site's page can make it send.
public final class SignIn {
    private static final String NAME = "davy-token";
    private static final String RULES = "; Path=/; HttpOnly; SameSite=Strict";

    private SignIn() {}

    /// The `Set-Cookie` of a browser that has shown a valid token. It ends with the browser.
    public static String cookie(String token) {
        if (!token.matches("[A-Za-z0-9_-]{1,200}"))
            throw new IllegalArgumentException("this is no token");
        return NAME + "=" + token + RULES;
    }

    /// The `Set-Cookie` that forgets it.
    public static String forget() {
        return NAME + "=; Max-Age=0" + RULES;
    }

    /// The token in a `Cookie` header; empty where there is none.
    static String token(String cookies) {
        for (var cookie : cookies.split(";")) {
            var each = cookie.strip();
            if (each.startsWith(NAME + "=")) return each.substring(NAME.length() + 1);
        }
        return "";
    }
}

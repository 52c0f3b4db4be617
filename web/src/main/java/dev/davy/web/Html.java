package dev.davy.web;

import dev.davy.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Turns a view into a page.
final class Html {
    /// A page takes scripts, styles, pictures and sounds from this server only, and none of them
    /// from inside the page itself; nobody may frame it.
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src"
                    + " 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(ContentType.Html);

    private Html() {}

    static Response page(String template, Object view) {
        return page(200, template, view);
    }

    static Response page(int status, String template, Object view) {
        var out = new Utf8ByteOutput();
        ENGINE.render(template + ".jte", view, out);
        var bytes = new ByteArrayOutputStream(out.getContentLength());
        try {
            out.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Response.bytes(status, "text/html; charset=utf-8", bytes.toByteArray())
                .with("content-security-policy", POLICY)
                .with("vary", "cookie");
    }
}

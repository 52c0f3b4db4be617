package dev.davy.web;

import dev.davy.http.Response;
import dev.davy.serving.BlobRecord;
import dev.davy.storage.Log;
import dev.davy.strict.Audio;
import dev.davy.strict.Images;
import dev.davy.strict.Problem;
import java.util.Optional;
import java.util.UUID;

/// The pictures and recordings that were sent to be predicted, as they were kept.
///
/// They are strangers' files: what one is, its first bytes say, and only kinds that cannot hold a
/// script are shown at all.
final class Content {
    private static final java.util.Set<String> SHOWN =
            java.util.Set.of("image/png", "image/jpeg", "image/gif", "image/bmp", "audio/wav");

    private final Log log;

    Content(Log log) {
        this.log = log;
    }

    /// @throws Problem NOT_FOUND `content-not-kept`; UNSUPPORTED_MEDIA `content-not-shown`
    Response of(UUID prediction, String column) {
        var content = find(prediction, column).orElseThrow(Content::notKept);
        var type =
                Images.sniff(content.bytes())
                        .or(() -> Audio.sniff(content.bytes()))
                        .filter(SHOWN::contains)
                        .orElseThrow(Content::notShown);
        return Response.bytes(200, type, content.bytes())
                .with("cache-control", "private, max-age=3600, immutable")
                .with("content-security-policy", "default-src 'none'; sandbox")
                .with("content-disposition", "inline");
    }

    private Optional<BlobRecord.Content> find(UUID prediction, String column) {
        return log.find(prediction, BlobRecord::isBlob)
                .map(record -> BlobRecord.read(dev.davy.storage.Payload.of(record.payload())))
                .filter(content -> content.column().equals(column));
    }

    private static Problem notKept() {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "content-not-kept",
                "This file is not kept.",
                "Its endpoint keeps a share of them only, or it is too old.",
                "Its digest and measures stand with the prediction.");
    }

    private static Problem notShown() {
        return new Problem(
                Problem.Kind.UNSUPPORTED_MEDIA,
                "content-not-shown",
                "This file is not shown.",
                "It is no PNG, JPEG, GIF, BMP or WAV, whatever its sender called it.",
                "Its digest and measures stand with the prediction.");
    }
}

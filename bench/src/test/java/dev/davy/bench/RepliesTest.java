package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepliesTest {
    private static final String THREE =
            """
            HTTP/1.1 200 OK\r
            Content-Length: 5\r
            davy-arm: champion\r
            Davy-Version: mlp/2\r
            \r
            a\r
            \r
            HTTP/1.1 503 Service Unavailable\r
            retry-after: 1\r
            content-length: 0\r
            \r
            HTTP/1.1 200 OK\r
            content-type: text/plain\r
            content-length:12\r
            \r
            hello, world\
            """;

    @Test
    void countsRepliesWhereverTheirBytesAreCut() {
        var bytes = THREE.getBytes(StandardCharsets.US_ASCII);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var replies = new Replies();
            int complete =
                    replies.accept(Unpooled.wrappedBuffer(bytes, 0, cut))
                            + replies.accept(
                                    Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
            assertThat(complete).as("cut at %d", cut).isEqualTo(3);
            assertThat(replies.good()).as("cut at %d", cut).isEqualTo(2);
            assertThat(replies.bad()).as("cut at %d", cut).isEqualTo(1);
            assertThat(replies.version()).as("cut at %d", cut).isEqualTo("mlp/2");
        }
    }

    @Test
    void refusesAReplyWhoseEndItCannotKnow() {
        var chunked =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> new Replies().accept(Unpooled.wrappedBuffer(chunked)))
                .hasMessageContaining("content-length");
    }
}

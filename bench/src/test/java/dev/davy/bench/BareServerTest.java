package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BareServerTest {
    private static final Path MODELS = Path.of("models");
    private static Channel server;

    @BeforeAll
    static void start() throws InterruptedException {
        server = BareServer.start(0, BareServer.models(MODELS));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close().sync();
    }

    @Test
    void answersWhatTheModelAnswers() throws Exception {
        var reply = call(Requests.mlpJson());
        assertThat(reply.status()).isEqualTo(200);
        var said =
                Pattern.compile("\"shape\":\\[1,2\\],.*\"data\":\\[([-0-9.E]+),([-0-9.E]+)\\]")
                        .matcher(reply.text());
        assertThat(said.find()).as(reply.text()).isTrue();
        try (var model = new BareModel(MODELS.resolve("mlp.onnx"))) {
            var rows = model.rows(1);
            rows.input().put(0, Requests.drawn(20));
            rows.run();
            for (int i = 0; i < 2; i++)
                assertThat(Float.parseFloat(said.group(i + 1))).isEqualTo(rows.output().get(i));
            assertThat(rows.output().get(0) + rows.output().get(1)).isEqualTo(1, within(1e-6f));
        }
    }

    @Test
    void answersAnImageAlikeAsNumbersAndAsABinaryTensor() throws Exception {
        var numbers = call(Requests.cnnJson());
        var binary = call(Requests.cnnBinary("cnn"));
        assertThat(numbers.status()).isEqualTo(200);
        assertThat(binary.status()).isEqualTo(200);
        int json = Integer.parseInt(binary.header("inference-header-content-length").orElseThrow());
        assertThat(binary.text().substring(0, json)).endsWith("{\"binary_data_size\":8}}]}");
        assertThat(numbers.text()).contains("\"shape\":[1,2]");
    }

    @Test
    void takesSeveralRows() throws Exception {
        var body = Requests.jsonBody("x", "[3,20]", Requests.drawn(60));
        var reply = call(mlp(body));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains("\"shape\":[3,2]");
    }

    @Test
    void refusesWhatDoesNotFitAndGoesOn() throws Exception {
        try (var wire = connect()) {
            for (var wrong :
                    new String[] {
                        "{",
                        "[]",
                        "{\"inputs\":[]}",
                        Requests.jsonBody("y", "[1,20]", Requests.drawn(20)),
                        Requests.jsonBody("x", "[1,19]", Requests.drawn(19)),
                        Requests.jsonBody("x", "[1,20]", Requests.drawn(21)),
                        Requests.jsonBody("x", "[1,20]", Requests.drawn(20)) + "x",
                    }) assertThat(wire.call(mlp(wrong)).status()).as(wrong).isEqualTo(400);
            assertThat(wire.get("/v2/models/other/infer").status()).isEqualTo(404);
            assertThat(wire.get("/v2/health/ready").status()).isEqualTo(200);
            assertThat(wire.call(Requests.mlpJson()).status()).isEqualTo(200);
        }
    }

    private static byte[] mlp(String body) {
        return Requests.post(
                "/v2/models/mlp/infer",
                "Content-Type: application/json\r\n",
                body.getBytes(StandardCharsets.US_ASCII));
    }

    private static Wire.Reply call(byte[] request) throws IOException {
        try (var wire = connect()) {
            return wire.call(request);
        }
    }

    private static Wire connect() throws IOException {
        return Wire.connect(
                ((InetSocketAddress) server.localAddress()).getPort(), Duration.ofSeconds(20));
    }
}

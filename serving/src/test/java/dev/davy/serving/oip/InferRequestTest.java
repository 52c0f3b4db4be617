package dev.davy.serving.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Signature;
import dev.davy.runtime.TensorSpec;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InferRequestTest {

    private static final Signature TWO_INPUTS =
            new Signature(
                    List.of(
                            new TensorSpec("a", Datatype.UINT32, List.of(-1L, 2L)),
                            new TensorSpec("b", Datatype.BOOL, List.of(3L))),
                    List.of(
                            new TensorSpec("y", Datatype.FP32, List.of(-1L, 2L)),
                            new TensorSpec("z", Datatype.FP32, List.of(-1L, 1L))));
    private static final Signature ROW =
            new Signature(
                    List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L))),
                    List.of(new TensorSpec("y", Datatype.FP32, List.of(-1L, 4L))));

    @Test
    void readsMembersInAnyOrder() {
        var request =
                decoded(
                        ROW,
                        "{\"outputs\":[{\"name\":\"y\"}],\"inputs\":[{\"data\":[[1,2,3,4],[5,6,7,8.5]],\"datatype\":\"FP32\",\"shape\":[2,4],\"name\":\"x\"}],\"id\":\"42\"}");
        assertThat(request.id).isEqualTo("42");
        assertThat(request.rows(true)).isEqualTo(2);
        assertThat(request.tensor(0).float32(7)).isEqualTo(8.5f);
    }

    /// The worked example of the protocol's binary extension: 16 and 3 raw bytes in.
    @Test
    void readsRawTensorsBehindTheJson() {
        var json =
                "{\"inputs\":[{\"name\":\"a\",\"shape\":[2,2],\"datatype\":\"UINT32\",\"parameters\":{\"binary_data_size\":16}},"
                        + "{\"name\":\"b\",\"shape\":[3],\"datatype\":\"BOOL\",\"parameters\":{\"binary_data_size\":3}}],"
                        + "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]}";
        var body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(1)
                        .putInt(-1)
                        .putInt(3)
                        .putInt(4)
                        .array());
        body.writeBytes(new byte[] {1, 0, 1});
        var request = new InferRequest(TWO_INPUTS, Limits.DEFAULT);
        request.decode(body.toByteArray(), 0, body.size(), json.length());
        assertThat(request.tensor(0).int64(1)).isEqualTo(4_294_967_295L);
        assertThat(request.tensor(1).int64(2)).isEqualTo(1);
        assertThat(request.outputCount).isEqualTo(1);
        assertThat(request.rawOutput[0]).isTrue();
    }

    @Test
    void saysWhatIsWrong() {
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"INT64\",\"data\":[1,2,3,4]}]}",
                "datatype-wrong");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,5],\"datatype\":\"FP32\",\"data\":[1,2,3,4,5]}]}",
                "shape-wrong");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[4611686018427387904,4],\"datatype\":\"FP32\",\"data\":[1]}]}",
                "shape-not-allowed");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[-1,-4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
                "shape-not-allowed");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[0,4],\"datatype\":\"FP32\",\"data\":[]}]}",
                "shape-not-allowed");
        refuses(
                "{\"inputs\":[{\"name\":\"q\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}",
                "input-unknown");
        refuses("{\"inputs\":[]}", "input-missing");
        refuses("{}", "inputs-missing");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\"}]}",
                "tensor-without-data");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":16}}]}",
                "binary-size-wrong");
        refuses(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}],\"outputs\":[{\"name\":\"nope\"}]}",
                "output-unknown");
        var one = "{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}";
        refuses("{\"inputs\":[" + one + "," + one + "]}", "given-twice");
        refuses(
                "{\"inputs\":[" + one + "],\"outputs\":[{\"name\":\"y\"},{\"name\":\"y\"}]}",
                "given-twice");
        refuses("{\"id\":\"a\\nb\",\"inputs\":[" + one + "]}", "id-not-allowed");
    }

    /// A caller who promises 2^26 elements and sends four makes us allocate nothing for the rest.
    @Test
    void allocatesNothingByAMerePromise() {
        var wide =
                new Signature(
                        List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, -1L))),
                        List.of(new TensorSpec("y", Datatype.FP32, List.of(-1L))));
        assertThatThrownBy(() ->
                        decoded(
                                wide,
                                "{\"inputs\":[{\"name\":\"x\",\"shape\":[8192,8192],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void givesAValueOrAProblemForAnyMutation() {
        var good =
                "{\"id\":\"1\",\"inputs\":[{\"name\":\"x\",\"shape\":[2,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4,5,6,7,8e1]}],\"outputs\":[{\"name\":\"y\"}]}"
                        .getBytes(StandardCharsets.UTF_8);
        var random = new Random(20_261_121);
        var request = new InferRequest(ROW, Limits.DEFAULT);
        for (int round = 0; round < 30_000; round++) {
            var bad = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--)
                bad[random.nextInt(bad.length)] =
                        (byte)
                                " \"[]{}:,0123456789.-eEtrufalsn\\\u0000x"
                                        .charAt(random.nextInt(33));
            int length = random.nextInt(10) == 0 ? random.nextInt(bad.length) : bad.length;
            try {
                request.decode(bad, 0, length, length);
            } catch (Problem expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError(new String(bad, 0, length, StandardCharsets.UTF_8), e);
            }
        }
    }

    private static void refuses(String body, String code) {
        assertThatThrownBy(() -> decoded(ROW, body))
                .as(body)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.code()).as(body).isEqualTo(code);
                            assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
                        });
    }

    private static InferRequest decoded(Signature signature, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var request = new InferRequest(signature, Limits.DEFAULT);
        request.decode(body, 0, body.length, body.length);
        return request;
    }
}

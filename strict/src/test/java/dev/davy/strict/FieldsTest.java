package dev.davy.strict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FieldsTest {
    enum Isolation {
        AUTO,
        IN_PROCESS,
        CHILD
    }

    private static Fields of(String json) {
        return Fields.of(Json.read(json.getBytes(UTF_8), Limits.DEFAULT), "endpoint 'credit'");
    }

    @Test
    void readsFieldsOfEveryKind() {
        var fields =
                of(
                        """
                        {"name":"credit","n":3.0,"x":2.5,"on":true,"keep":"90d","size":"64 MiB","bytes":10,"tags":["a","b"],
                         "isolation":"in-process","steps":[{"at":1},{"at":2}],"map":{"b":1,"a":2},"inner":{"port":7},"gone":null,
                         "by":{"l":{"at":1}}}\
                        """);
        assertThat(fields.text("name")).isEqualTo("credit");
        assertThat(fields.integer("n", 1, 3)).isEqualTo(3);
        assertThat(fields.number("x", 0, 3)).isEqualTo(2.5);
        assertThat(fields.flag("on", false)).isTrue();
        assertThat(fields.flag("off", true)).isTrue();
        assertThat(fields.duration("keep")).isEqualTo(Duration.ofDays(90));
        assertThat(fields.bytes("size")).isEqualTo(64 << 20);
        assertThat(fields.bytes("bytes")).isEqualTo(10);
        assertThat(fields.texts("tags")).containsExactly("a", "b");
        assertThat(fields.choice("isolation", Isolation.class)).isEqualTo(Isolation.IN_PROCESS);
        assertThat(fields.objects("steps"))
                .extracting(each -> each.integer("at", 0, 9))
                .containsExactly(1L, 2L);
        assertThat(fields.map("map")).containsOnlyKeys("b", "a");
        assertThat(fields.object("inner").integer("port", 1, 9)).isEqualTo(7);
        assertThat(fields.objectsByName("by").get("l"))
                .returns(1L, each -> each.integer("at", 0, 9));
        assertThat(fields.has("gone")).isFalse();
        assertThat(fields.optionalText("gone")).isEmpty();
        assertThat(fields.list("none")).isEmpty();
        fields.done();
    }

    @Test
    void reportsAllViolationsAtOnce() {
        var fields =
                of(
                        """
                        {"modle":"a","n":70000,"x":"1","on":1,"keep":"soon","size":"big","isolation":"chlid","tags":["a",1," "],
                         "inner":{"prot":1,"deep":{"x":true}},"steps":[{"at":1},5],"name":"No Name","flags":{}}\
                        """);
        fields.text("model");
        fields.integer("n", 1, 65_535);
        fields.number("x");
        fields.flag("on", false);
        fields.duration("keep");
        fields.bytes("size");
        fields.choice("isolation", Isolation.class);
        fields.texts("tags");
        var inner = fields.object("inner");
        inner.optionalInteger("port", 1, 9);
        inner.object("deep").number("x");
        fields.objects("steps").forEach(each -> each.integer("at", 2, 9));
        fields.name("name", "model");
        fields.list("flags");
        fields.violation("'from' is behind 'to'");
        fields.violation("n", "must be odd");
        var problem = Problems.of(fields::done);
        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNACCEPTABLE);
        assertThat(problem.what()).isEqualTo("Endpoint 'credit' cannot be accepted.");
        assertThat(problem.violations())
                .containsExactlyInAnyOrder(
                        "'model' is missing",
                        "'n' must be an integer from 1 to 65535, is 70000",
                        "'x' must be a number, is '1'",
                        "'on' must be true or false, is 1",
                        "'keep' must be a time span such as '100 ms' or '90d', is 'soon'",
                        "'size' must be a size such as '64 MiB', is 'big'",
                        "'isolation' must be one of auto, in-process, child, is 'chlid'; Did you mean 'child'?",
                        "'tags[1]' must be a text, is 1",
                        "'tags[2]' must be a text, is ' '",
                        "'inner.deep.x' must be a number, is true",
                        "'steps[1]' must be an object, is 5",
                        "'steps[1].at' is missing",
                        "'steps[0].at' must be an integer from 2 to 9, is 1",
                        "'name' 'No Name' cannot be the name of a model: a-z, 0-9, '.', '_' and '-' can",
                        "'flags' must be a list, is an object",
                        "it 'from' is behind 'to'",
                        "'n' must be odd",
                        "'modle' is not known here; Did you mean 'model'?",
                        "'inner.prot' is not known here; Did you mean 'port'?");
    }

    @Test
    void takesNullForMissingAndWrongKindsForViolations() {
        var missing = of("{\"a\":null}");
        missing.text("a");
        assertThat(Problems.of(missing::done).violations()).containsExactly("'a' is missing");
        var list = of("[1]");
        assertThat(Problems.of(list::done).violations())
                .containsExactly("it must be an object, is a list");
        var huge = of("{\"n\":1e300,\"m\":18446744073709551616,\"h\":1.5}");
        for (var name : new String[] {"n", "m", "h"})
            huge.integer(name, Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(Problems.of(huge::done).violations()).hasSize(3);
    }

    @Test
    void namesFileAndLineOfYaml() {
        var yaml =
                "kind: Endpoint\nname: x\nrollout:\n  steps:\n    - 1%\n    - {at: soon}\n  dedline: 7d\n";
        var document = Yaml.read(yaml.getBytes(UTF_8), "credit.yaml", Limits.DEFAULT).getFirst();
        var fields = Fields.of(document, "the endpoint");
        fields.text("kind");
        fields.text("name");
        fields.text("model");
        var rollout = fields.object("rollout");
        rollout.texts("steps");
        rollout.optionalDuration("deadline");
        assertThat(fields.place("rollout")).isEqualTo("credit.yaml:3");
        assertThat(Problems.of(fields::done).violations())
                .containsExactlyInAnyOrder(
                        "credit.yaml:1: 'model' is missing",
                        "credit.yaml:6: 'rollout.steps[1]' must be a text, is an object",
                        "credit.yaml:7: 'rollout.dedline' is not known here; Did you mean 'deadline'?");
    }
}

package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A table of features, as training makes them, against what serving saw of the same predictions.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SkewTest {
    private static final String CREDIT =
            """
            kind: Endpoint
            name: credit
            input:
              income: {type: number}
              age: {type: integer}
              city: {type: category, required: false}
              name: {type: text, log: hash}
            output: {risk: {type: category, classes: [good, bad]}}
            pipeline:
              - {name: judge, rule: {risk: "case when input.income > 1000 then 'good' else 'bad' end"}}
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void namesTheColumnsThatDifferInHowManyRowsAndByHowMuch() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(CREDIT);
            var csv = new StringBuilder("prediction,income,age,city,name,target\n");
            for (int i = 0; i < 40; i++) {
                var city = i % 10 == 0 ? "null" : "\"Ulm\"";
                var id =
                        caller.predictRows(
                                        "credit",
                                        "[{\"income\":%d,\"age\":%d,\"city\":%s,\"name\":\"n%d\"}]"
                                                .formatted(1000 + i, 30 + i, city, i))
                                .at("/0/id")
                                .asString();
                // Training took every fourth income by the month of another year, 3 % higher, and
                // has a city where serving had none; ages are the same but for their float.
                double income = (1000 + i) * (i % 4 == 0 ? 1.03 : 1);
                csv.append(
                        "%s,%s,%s,%s,%s,%s\n"
                                .formatted(id, income, (double) (30 + i), "Ulm", "n" + i, "good"));
            }
            csv.append("01900000-0000-7000-8000-000000000001,1,1,Ulm,x,good\n");
            csv.append("nonsense,1,1,Ulm,x,good\n");
            assertThat(server.davy().readers().awaitCaughtUp(java.time.Duration.ofMinutes(1)))
                    .isTrue();

            var found = compared(caller, csv.toString()).is(200).json();
            assertThat(found.path("rows").asInt()).isEqualTo(40);
            assertThat(found.path("unknown").asInt()).isEqualTo(2);
            var columns = new TreeMap<String, JsonNode>();
            var order = new ArrayList<String>();
            for (var each : found.path("columns")) {
                columns.put(each.path("column").asString(), each);
                order.add(each.path("column").asString());
            }
            assertThat(order).containsExactly("income", "city", "age");
            var income = columns.get("income");
            assertThat(income).isNotNull();
            assertThat(income.path("rows").asInt()).isEqualTo(40);
            assertThat(income.path("differ").asInt()).isEqualTo(10);
            // 3 % of the mean of 1000, 1004, … 1036.
            assertThat(income.path("mean-difference").asDouble()).isCloseTo(30.54, within(1e-9));
            assertThat(income.path("largest-difference").asDouble()).isCloseTo(31.08, within(1e-9));
            assertThat(income.at("/example/serving").asString()).isEqualTo("1036");
            var city = columns.get("city");
            assertThat(city).isNotNull();
            assertThat(city.path("differ").asInt()).isEqualTo(4);
            assertThat(city.path("missing-in-serving").asInt()).isEqualTo(4);
            var age = columns.get("age");
            assertThat(age).isNotNull();
            assertThat(age.path("differ").asInt()).isZero();
            // What is logged hashed can't be compared, and 'target' is no input.
            assertThat(found.path("ignored").toString()).isEqualTo("[\"name\",\"target\"]");
        }
    }

    @Test
    void aTableWithoutPredictionsIsRefused() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(CREDIT);
            var wrong = compared(caller, "income\n1\n").is(422).json();
            assertThat(wrong.path("code").asString()).isEqualTo("skew-without-predictions");
        }
    }

    private static Caller.Said compared(Caller caller, String csv) {
        return caller.post("/api/v1/endpoints/credit/skew", "text/csv", Caller.utf8(csv));
    }
}

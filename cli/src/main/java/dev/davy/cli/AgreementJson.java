package dev.davy.cli;

import dev.davy.data.Finding;
import dev.davy.stats.agreement.Votes;
import dev.davy.strict.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The agreement of labelers as JSON, with the consensus of every item.
final class AgreementJson {
    private AgreementJson() {}

    static ObjectNode of(AgreementShown shown, List<Finding> findings) {
        var gold = shown.gold;
        var votes = shown.votes;
        var learned = shown.learned;
        var json =
                Json.object()
                        .put("file", shown.file)
                        .put("items", shown.annotations.items().size())
                        .put("labels", shown.annotations.size())
                        .put("rows_left_out", shown.without);
        json.set("coefficients", EvaluateJson.figures(shown.figures));
        if (!gold.isEmpty())
            json.set(
                    "against_gold",
                    Json.object()
                            .put("items", shown.known())
                            .put("majority_vote", votes.accuracy(gold))
                            .put("dawid_skene", learned.accuracy(gold))
                            .put("wawa", Votes.wawa(shown.annotations).accuracy(gold)));
        var people = Json.array();
        for (var each : shown.labelers) {
            var one =
                    Json.object()
                            .put("labeler", each.name())
                            .put("labels", each.labels())
                            .put("skill", each.skill());
            one.set("agreement_with_votes", EvaluateJson.figure(each.withVotes()));
            one.set("accuracy", EvaluateJson.figure(each.withGold()));
            people.add(one);
        }
        json.set("labelers", people);
        var items = Json.array();
        var majority = votes.chosen();
        learned.chosen()
                .forEach((item, label) ->
                        items.add(
                                Json.object()
                                        .put("item", item)
                                        .put("majority_vote", majority.get(item))
                                        .put("votes_share", votes.confidence(item))
                                        .put("dawid_skene", label)
                                        .put("confidence", learned.confidence(item))));
        json.set("consensus", items);
        json.set("findings", TableOptions.json(findings));
        return json;
    }
}

package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.registry.Alias;
import dev.davy.registry.Models;
import dev.davy.serving.Endpoints;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pages of models.
final class ModelPages {
    private final Models models;
    private final Endpoints endpoints;
    private final InstantSource clock;

    ModelPages(Models models, Endpoints endpoints, InstantSource clock) {
        this.models = models;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    Response all(Request request) {
        var rows = new ArrayList<ModelsView.Row>();
        for (var name : models.names()) {
            var versions = models.versions(name);
            if (versions.isEmpty()) continue;
            rows.add(row(versions.getFirst(), versions.size()));
        }
        var sentence =
                rows.isEmpty()
                        ? "No model was pushed yet."
                        : Figures.of(rows.size(), "model")
                                + (rows.size() == 1 ? " is kept." : " are kept.");
        var chrome = new Chrome("Models · Davy", "model", Pages.who(request), false);
        return Html.page("models", new ModelsView(chrome, "What could be served?", sentence, rows));
    }

    Response one(Request request) {
        var name = request.parameter("name");
        var versions = models.versions(name);
        var rows = new ArrayList<ModelsView.Row>();
        for (var version : versions) rows.add(row(version, 0));
        var sentence = Figures.of(rows.size(), "version") + (rows.size() == 1 ? " is" : " are");
        var chrome = new Chrome(name + " · Davy", "model", Pages.who(request), false);
        return Html.page(
                "models",
                new ModelsView(
                        chrome,
                        "Which versions of " + name + " are there?",
                        sentence + " kept.",
                        rows));
    }

    private ModelsView.Row row(dev.davy.registry.ModelVersion version, int versions) {
        var now = clock.instant();
        return new ModelsView.Row(
                versions > 0 ? version.model() : version.address(),
                "/models/" + Figures.segment(version.model()),
                versions > 0 ? Figures.of(versions, "version") : "",
                version.at().toString(),
                Figures.ago(version.at(), now),
                Figures.time(version.at()),
                version.who(),
                Figures.brief(version.why(), 120),
                aliases(version.model(), versions > 0 ? 0 : version.version()),
                users().getOrDefault(versions > 0 ? version.model() : version.address(), List.of()),
                version.digest().substring(0, 12));
    }

    private String aliases(String model, int version) {
        var said = new ArrayList<String>();
        for (Alias alias : models.aliases(model))
            if (version == 0 || alias.version() == version)
                said.add("@" + alias.name() + (version == 0 ? " → " + alias.version() : ""));
        return String.join(", ", said);
    }

    /// Which endpoints have a version, or any version of a model, live.
    private Map<String, List<String>> users() {
        var users = new HashMap<String, List<String>>();
        for (var endpoint : endpoints.all())
            for (var live : endpoint.path("live").properties()) {
                var address = live.getValue().asString("");
                var name = endpoint.get("name").asString();
                int slash = address.lastIndexOf('/');
                add(users, address, name);
                if (slash > 0) add(users, address.substring(0, slash), name);
            }
        return users;
    }

    private static void add(Map<String, List<String>> users, String model, String endpoint) {
        var list = users.computeIfAbsent(model, _ -> new ArrayList<>());
        if (!list.contains(endpoint)) list.add(endpoint);
    }
}

package dev.davy.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `docs/reference/cli.md`, from what the commands say of themselves.
final class CommandReference {
    private CommandReference() {}

    static String page() {
        var out = new PrintStream(new ByteArrayOutputStream());
        var terminal =
                new Terminal(new ByteArrayInputStream(new byte[0]), out, out, Map.of(), false);
        var davy = Main.commandLine(new Connection(terminal));
        var page = new StringBuilder();
        page.append(
                """
                # The command line

                <!-- Made from the code by ReferenceTest; a change belongs into the command itself. -->

                Exit codes: 0 yes, 1 the answer is no, 2 wrong usage, 3 could not be done. Every command takes these too:

                """);
        options(page, davy.getCommandSpec().options());
        for (var verb : davy.getSubcommands().values()) command(page, verb, "davy", 2);
        return page.toString();
    }

    private static void command(StringBuilder page, CommandLine line, String under, int depth) {
        var spec = line.getCommandSpec();
        if (spec.usageMessage().hidden()) return;
        var name = under + " " + spec.name();
        page.append("\n").append("#".repeat(depth)).append(" ").append(name).append("\n\n");
        page.append(sentences(spec.usageMessage().description())).append("\n");
        var below = new LinkedHashSet<>(line.getSubcommands().values());
        if (below.isEmpty()) {
            page.append("\n    ").append(synopsis(name, spec)).append("\n");
            var rows = new ArrayList<ArgSpec>(spec.positionalParameters());
            spec.options().stream().filter(each -> !each.inherited()).forEach(rows::add);
            rows.removeIf(ArgSpec::hidden);
            if (!rows.isEmpty()) page.append("\n");
            options(page, rows);
        }
        var footer = sentences(spec.usageMessage().footer());
        if (!footer.isEmpty()) page.append("\n").append(footer).append("\n");
        for (var each : below) command(page, each, name, depth + 1);
    }

    private static String synopsis(String name, CommandLine.Model.CommandSpec spec) {
        var words = new ArrayList<String>(List.of(name));
        for (var each : spec.positionalParameters()) {
            var many = each.arity().max() > 1 ? "…" : "";
            words.add(
                    each.arity().min() == 0
                            ? "[" + each.paramLabel() + many + "]"
                            : each.paramLabel() + many);
        }
        for (var each : spec.options())
            if (!each.inherited() && each.required())
                words.add(each.longestName() + " " + each.paramLabel());
        boolean more =
                spec.options().stream()
                        .anyMatch(each -> !each.inherited() && !each.required() && !each.hidden());
        if (more) words.add("[options]");
        return String.join(" ", words);
    }

    private static void options(StringBuilder page, List<? extends ArgSpec> all) {
        var rows = new ArrayList<String>();
        for (var each : all) {
            var names = each instanceof OptionSpec option ? String.join(", ", option.names()) : "";
            var value =
                    each.arity().max() == 0 && each instanceof OptionSpec ? "" : each.paramLabel();
            var what =
                    sentences(each.description())
                            .replace("${DEFAULT-VALUE}", String.valueOf(each.defaultValue()));
            rows.add(
                    "| `%s` | %s |\n"
                            .formatted((names + " " + value).strip(), what.replace("|", "\\|")));
        }
        if (rows.isEmpty()) return;
        page.append("| | |\n|---|---|\n");
        rows.forEach(page::append);
    }

    private static String sentences(String[] lines) {
        return List.of(lines).stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.formatted().strip())
                .collect(Collectors.joining(" "));
    }
}

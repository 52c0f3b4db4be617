package dev.davy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The `davy` command.
public final class Main {
    private Main() {}

    /// In the order of the help.
    private static final Map<String, Function<Connection, Object>> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("demo", DemoCommand::new);
        VERBS.put("try", TryCommand::new);
        VERBS.put("serve", ServeCommand::new);
        VERBS.put("model", ModelCommand::new);
        VERBS.put("alias", AliasCommand::new);
        VERBS.put("endpoint", EndpointCommand::new);
        VERBS.put("apply", ApplyCommand::new);
        VERBS.put("get", GetCommand::new);
        VERBS.put("events", EventsCommand::new);
        VERBS.put("attribute", AttributeCommand::new);
        VERBS.put("rollout", RolloutCommand::new);
        VERBS.put("diff", DiffCommand::new);
        VERBS.put("report", ReportCommand::new);
        VERBS.put("predict", PredictCommand::new);
        VERBS.put("replay", ReplayCommand::new);
        VERBS.put("job", JobCommand::new);
        VERBS.put("alarm", AlarmCommand::new);
        VERBS.put("metrics", MetricsCommand::new);
        VERBS.put("skew", SkewCommand::new);
        VERBS.put("review", ReviewCommand::new);
        VERBS.put("automation", AutomationCommand::new);
        VERBS.put("feedback", FeedbackCommand::new);
        VERBS.put("log", LogCommand::new);
        VERBS.put("query", QueryCommand::new);
        VERBS.put("erase", EraseCommand::new);
        VERBS.put("profile", ProfileCommand::new);
        VERBS.put("validate", ValidateCommand::new);
        VERBS.put("drift", DriftCommand::new);
        VERBS.put("evaluate", EvaluateCommand::new);
        VERBS.put("agreement", AgreementCommand::new);
        VERBS.put("stats", StatsCommand::new);
        VERBS.put("token", TokenCommand::new);
        VERBS.put("self-test", SelfTest::new);
    }

    public static void main(String[] args) {
        closeDeserialisation();
        System.exit(run(Terminal.ofThisProcess(), args));
    }

    // The launcher says it as well, with -Djdk.serialFilter: this is for whoever starts Java by
    // hand.
    static void closeDeserialisation() {
        if (ObjectInputFilter.Config.getSerialFilter() == null)
            ObjectInputFilter.Config.setSerialFilter(_ -> ObjectInputFilter.Status.REJECTED);
    }

    /// Runs one command to its end.
    ///
    /// @return its exit code: 0 yes, 1 the answer is no, 2 usage, 3 could not be done
    static int run(Terminal terminal, String... args) {
        var connection = new Connection(terminal);
        var serve = ServeCommand.plain(connection, args);
        if (serve.isPresent())
            try {
                return serve.get().call();
            } catch (Exception failure) {
                return told(failure, connection);
            }
        var line = commandLine(new Connection(terminal), args);
        if (args.length == 0) {
            line.usage(terminal.err(), Ansi.OFF);
            return Exit.USAGE;
        }
        return line.execute(args);
    }

    /// All commands, for the help, or the one that is asked for.
    static CommandLine commandLine(Connection connection, String... args) {
        var terminal = connection.terminal();
        var line = new CommandLine(connection);
        // picocli reads a command's annotations when it is added, about 5 ms each at start: only
        // the one that is asked for, unless it is the help that needs all.
        var verb = args.length == 0 ? null : VERBS.get(args[0]);
        if (verb != null) line.addSubcommand(args[0], verb.apply(connection));
        else VERBS.forEach((name, make) -> line.addSubcommand(name, make.apply(connection)));
        line.setOut(new PrintWriter(terminal.out(), true, UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((wrong, given) -> misused(wrong, terminal));
        line.setExecutionExceptionHandler((failure, at, parsed) -> told(failure, connection));
        return line;
    }

    private static int misused(CommandLine.ParameterException wrong, Terminal terminal) {
        var at = wrong.getCommandLine().getCommandSpec().qualifiedName();
        terminal.failure(wrong.getMessage() + ".", List.of(), at + " --help says more.");
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
            var meant = unmatched.getSuggestions();
            if (!meant.isEmpty())
                terminal.err().println("Did you mean '" + meant.getFirst() + "'?");
        }
        return Exit.USAGE;
    }

    private static int told(Exception failure, Connection connection) {
        var terminal = connection.terminal();
        return switch (failure) {
            case Refusal refusal -> {
                if (connection.json()) terminal.json(refusal.document());
                else terminal.failure(refusal.what(), refusal.why(), refusal.todo());
                yield refusal.exitCode();
            }
            case Problem problem -> {
                terminal.problem(problem);
                yield switch (problem.kind()) {
                    case MALFORMED, UNACCEPTABLE, NOT_FOUND, CONFLICT, TOO_LARGE -> Exit.NO;
                    default -> Exit.NOT_DONE;
                };
            }
            case IOException broken -> {
                unreadable(broken, terminal);
                yield Exit.NOT_DONE;
            }
            case UncheckedIOException wrapped -> {
                unreadable(Objects.requireNonNull(wrapped.getCause()), terminal);
                yield Exit.NOT_DONE;
            }
            default -> {
                terminal.failure(
                        "This went wrong in a way that nobody foresaw: " + failure + ".",
                        List.of("It is a mistake of Davy, not of yours."),
                        "Please report it with the lines below.");
                failure.printStackTrace(terminal.err());
                yield Exit.NOT_DONE;
            }
        };
    }

    /// What no command has a word of its own for: a file that is not there, a folder in its place,
    /// a full disk.
    private static void unreadable(IOException broken, Terminal terminal) {
        var file =
                broken instanceof FileSystemException of && of.getFile() != null
                        ? "'" + Terminal.clean(of.getFile()) + "'"
                        : "A file";
        var why =
                switch (broken) {
                    case NoSuchFileException _ -> "There is no such file or folder.";
                    case AccessDeniedException _ -> "It may not be read, or not be written.";
                    case CharacterCodingException _ -> "It is not text in UTF-8.";
                    case FileSystemException of when of.getReason() != null -> of.getReason() + ".";
                    default -> broken.getMessage() + ".";
                };
        terminal.failure(
                file + " could not be read or written.",
                List.of(Terminal.clean(why)),
                "Check the path, whose file it is, and whether the disk is full.");
    }
}

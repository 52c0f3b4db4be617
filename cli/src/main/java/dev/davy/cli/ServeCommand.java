package dev.davy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Starts the server and stays until it is told to stop.
@Command(name = "serve", description = "Start Davy here.")
final class ServeCommand implements Callable<Integer> {
    private final Connection connection;

    ServeCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        connection.terminal().failure("The server is not there yet.", java.util.List.of(), "");
        return Exit.NOT_DONE;
    }
}

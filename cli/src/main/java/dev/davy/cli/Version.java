package dev.davy.cli;

import picocli.CommandLine.IVersionProvider;

/// Davy's version as its jar says it, and the Java it runs on.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "Davy " + (version == null ? "(not built)" : version) + ", Java " + Runtime.version()
        };
    }
}

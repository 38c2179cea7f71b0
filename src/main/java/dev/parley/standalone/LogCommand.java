package dev.parley.standalone;

import picocli.CommandLine.Command;

/** What an operator does to the log in its database, past the server. */
@Command(
        name = "log",
        description = "Looks after the log in its database.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = NewLifeCommand.class)
final class LogCommand {}

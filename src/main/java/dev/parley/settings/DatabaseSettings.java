package dev.parley.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which database holds the log. The first that is set: {@code dataSource}, {@code url}, {@code data}.
 *
 * @param dataSource {@code parley.datasource}: a JNDI name, on an application server
 * @param url {@code parley.jdbc.url}
 * @param user {@code parley.jdbc.user}
 * @param password {@code parley.jdbc.password}
 * @param data {@code parley.data}: the folder of the embedded database, {@code data} by default
 * @param teamConnections {@code parley.jdbc.team-connections}: standalone, so many of a team's transactions at a time; 8
 */
public record DatabaseSettings(
        Optional<String> dataSource,
        Optional<String> url,
        Optional<String> user,
        Optional<String> password,
        Path data,
        int teamConnections) {
    private static final int TEAM_CONNECTIONS = 8;
    private static final int MOST = 1_000;

    static DatabaseSettings read(SettingsReader reader) {
        return new DatabaseSettings(
                reader.text("parley.datasource"),
                reader.text("parley.jdbc.url"),
                reader.text("parley.jdbc.user"),
                reader.text("parley.jdbc.password"),
                Path.of(reader.text("parley.data").orElse("data")),
                reader.number("parley.jdbc.team-connections", TEAM_CONNECTIONS, 1, MOST));
    }

    /** Whether this process alone has it. */
    public boolean isEmbedded() {
        return dataSource.isEmpty() && url.isEmpty();
    }

    /** For a person. Leaves out the user and password, which some put into the URL's query. */
    public String description() {
        return dataSource
                .map(name -> "data source " + name)
                .or(() -> url.map(text -> text.replaceFirst("[?;].*", "")))
                .orElseGet(() -> "embedded H2 in " + data.toAbsolutePath().normalize());
    }

    /** Leaves the secrets out: what is printed may reach a log. */
    @Override
    public String toString() {
        return "DatabaseSettings[" + description() + "]";
    }
}

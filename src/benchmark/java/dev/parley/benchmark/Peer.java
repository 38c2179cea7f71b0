package dev.parley.benchmark;

import dev.parley.benchmark.peer.FloorServer;
import dev.parley.benchmark.peer.NettyServer;
import dev.parley.benchmark.peer.ParleyServer;
import dev.parley.benchmark.peer.SpringServer;
import dev.parley.benchmark.peer.TyrusServer;
import dev.parley.benchmark.peer.UndertowServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers that are measured. Each runs in a process of its own, the Java ones with no more than they need. */
enum Peer {
    PARLEY("Parley", "PARLEY", ParleyServer.class, "h2"),
    FLOOR("floor: ready frames on plain NIO", "RAW", FloorServer.class, ""),
    NETTY("Netty, `writeAndFlush` to a group", "RAW", NettyServer.class, "netty-codec-http"),
    UNDERTOW("Undertow, `getAsyncRemote` loop", "RAW", UndertowServer.class, "undertow-core"),
    TYRUS("Tyrus on Grizzly, `getAsyncRemote` loop", "RAW", TyrusServer.class, "tyrus-server"),
    SPRING("Spring STOMP simple broker on Tomcat, in order", "STOMP", SpringServer.class, "spring-websocket"),
    WS("ws (Node), a loop", "RAW", "room.mjs", "ws"),
    SOCKET_IO("Socket.IO (Node), a room", "SOCKET_IO", "socket-io.mjs", "socket.io");

    /** Where Parley's distribution is unpacked. */
    private static final String DISTRIBUTION = "parley.benchmark.distribution";

    private static final String HEAP = "-Xmx2g";

    final String title;

    /** Of the load program. */
    final String dialect;

    /** Of Node, and not of Java. */
    final boolean node;

    /** The artifact or package that gives the version. */
    final String artifact;

    private final String program;

    Peer(String title, String dialect, Class<?> program, String artifact) {
        this(title, dialect, false, program.getName(), artifact);
    }

    Peer(String title, String dialect, String program, String artifact) {
        this(title, dialect, true, program, artifact);
    }

    Peer(String title, String dialect, boolean node, String program, String artifact) {
        this.title = title;
        this.dialect = dialect;
        this.node = node;
        this.program = program;
        this.artifact = artifact;
    }

    /** @param folder where it may keep its data */
    List<String> command(Path folder, Path nodeFolder) {
        if (node) {
            return List.of("node", nodeFolder.resolve(program).toString());
        }
        List<String> command = new ArrayList<>(List.of(java(), HEAP));
        if (this == PARLEY) {
            // One publisher does here what else many do
            command.add("-Dparley.limits.commands-per-second=0");
            command.add("-Dparley.limits.publish-bytes-per-second=0");
        }
        command.addAll(List.of("-cp", classPath(), program));
        if (this == PARLEY) {
            command.addAll(
                    List.of("--port", "0", "--data", folder.resolve("data").toString()));
        }
        return command;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Of the jar with this name on the class path, or in the distribution. */
    static Optional<String> version(String artifact) {
        return Stream.concat(entries().stream(), distribution().stream())
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(name -> name.matches(artifact.replace(".", "\\.") + "-\\d.*\\.jar"))
                .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
                .findFirst();
    }

    private String classPath() {
        List<String> classPath =
                new ArrayList<>(entries().stream().filter(this::needs).toList());
        if (this == PARLEY) {
            classPath.addAll(distribution());
        }
        return String.join(System.getProperty("path.separator"), classPath);
    }

    /** Classes of the benchmark itself, or one of its artifacts. */
    private boolean needs(String entry) {
        String path = entry.replace('\\', '/');
        return !path.endsWith(".jar") || groups().stream().anyMatch(path::contains);
    }

    /** Of the artifacts of the class path that it needs: no more, since some offer themselves by service files. */
    private List<String> groups() {
        return switch (this) {
            case NETTY -> List.of("/io/netty/");
            case UNDERTOW ->
                List.of(
                        "/io/undertow/",
                        "/org/jboss/logging/",
                        "/org/jboss/xnio/",
                        "/org/jboss/threads/",
                        "/org/wildfly/",
                        "/io/smallrye/common/",
                        "/jakarta/");
            case TYRUS -> List.of("/org/glassfish/", "/jakarta/");
            case SPRING -> List.of("/org/springframework/", "/org/apache/tomcat/", "/io/micrometer/");
            default -> List.of();
        };
    }

    /** The jars of Parley's. */
    private static List<String> distribution() {
        Path lib = Path.of(System.getProperty(DISTRIBUTION, ""), "lib");
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.map(jar -> jar.toAbsolutePath().toString()).sorted().toList();
        } catch (IOException e) {
            throw new BenchmarkException("-D" + DISTRIBUTION + " has no " + lib);
        }
    }

    private static List<String> entries() {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator"), -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .toList();
    }
}

package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The unpacked distribution, with a team's own jar in its {@code lib}. */
@Timeout(120)
class DistributionIT {
    private static final Path TARGET = Path.of(System.getProperty("parley.build.directory"));
    private static final String NAME = System.getProperty("parley.build.name");

    @TempDir
    private Path folder;

    @Test
    void a_teams_endpoints_and_beans_are_there_once_its_jar_is() throws Exception {
        unpack(TARGET.resolve(NAME + ".zip"));
        Path home = folder.resolve(NAME);
        Files.copy(TARGET.resolve("it/orders/target/orders-classes.jar"), home.resolve("lib/orders.jar"));
        List<String> command = List.of(
                "sh",
                home.resolve("bin/parley").toString(),
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());

        try (ServerProcess server = ServerProcess.start(command, folder);
                TestClient reader = TestClient.open(server.uri());
                TestClient desk = TestClient.open(server.uri(), "/orders/london")) {
            reader.subscribe("orders.london");
            reader.subscribe("board");
            desk.send("{\"item\":\"Tea\",\"quantity\":5}");

            assertThat(reader.awaitPushes(2))
                    .extracting(push -> push.getJsonObject("data").toString())
                    .containsExactlyInAnyOrder(
                            "{\"item\":\"tea\",\"quantity\":5}", "{\"channel\":\"orders.london\",\"placed\":1}");
            assertThat(server.terminate()).isEqualTo(143);
            assertThat(server.stackTraces()).isEmpty();
        }
    }

    private void unpack(Path zip) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                Path to = folder.resolve(entry.getName()).normalize();
                assertThat(to).startsWithRaw(folder);
                if (entry.isDirectory()) {
                    Files.createDirectories(to);
                } else {
                    Files.createDirectories(to.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, to);
                    }
                }
            }
        }
    }
}

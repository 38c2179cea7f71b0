package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What {@code mvn package} puts where: an application server must not be brought a second copy of what it has. */
class PackagingIT {
    private static final Path TARGET = Path.of(System.getProperty("parley.build.directory"));
    private static final String NAME = System.getProperty("parley.build.name");
    private static final String SERVICES = "WEB-INF/classes/META-INF/services/";

    @Test
    void the_war_brings_only_what_no_server_has() throws IOException {
        try (ZipFile war = new ZipFile(TARGET.resolve(NAME + ".war").toFile())) {
            assertThat(names(war))
                    .filteredOn(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                    .extracting(name -> name.replaceAll("WEB-INF/lib/(.*)-\\d.*", "$1"))
                    .containsExactlyInAnyOrder(
                            "flyway-core",
                            "flyway-database-postgresql",
                            "flyway-database-cockroachdb",
                            "jspecify",
                            "nimbus-jose-jwt");
        }
    }

    @Test
    void the_war_leaves_out_the_standalone_server() throws IOException {
        try (ZipFile war = new ZipFile(TARGET.resolve(NAME + ".war").toFile())) {
            assertThat(names(war))
                    .anyMatch(name -> name.startsWith("WEB-INF/classes/dev/parley/protocol/"))
                    .noneMatch(name -> name.startsWith("WEB-INF/classes/dev/parley/standalone"))
                    .noneMatch(name -> name.startsWith("WEB-INF/classes/dev/parley/grizzly"))
                    .noneMatch(name -> name.startsWith("WEB-INF/classes/dev/parley/frames"));
        }
    }

    @Test
    void the_war_has_its_guard_its_endpoints_and_its_resources() throws IOException {
        try (ZipFile war = new ZipFile(TARGET.resolve(NAME + ".war").toFile())) {
            assertThat(names(war))
                    .contains("WEB-INF/web.xml", "WEB-INF/classes/META-INF/beans.xml")
                    .contains("WEB-INF/classes/dev/parley/servlet/GuardFilter.class")
                    .contains("WEB-INF/classes/dev/parley/http/HealthApplication.class")
                    .contains("WEB-INF/classes/dev/parley/websocket/EchoEndpoint.class")
                    .contains("WEB-INF/classes/dev/parley/websocket/ChannelEndpoint.class");
        }
    }

    /** Payara's Tyrus reads the service files of an application, and fails all its endpoints over one without a class. */
    @Test
    void no_service_file_of_the_war_names_a_class_that_is_not_in_it() throws IOException {
        try (ZipFile war = new ZipFile(TARGET.resolve(NAME + ".war").toFile())) {
            List<String> names = names(war);
            assertThat(TARGET.resolve("classes/META-INF/services"))
                    .as("what must be left out, or go with its classes")
                    .isNotEmptyDirectory();
            assertThat(names)
                    .filteredOn(name -> name.startsWith(SERVICES) && !name.endsWith("/"))
                    .flatMap(name -> providers(war, name))
                    .allSatisfy(provider ->
                            assertThat(names).contains("WEB-INF/classes/" + provider.replace('.', '/') + ".class"));
        }
    }

    @Test
    void the_distribution_holds_one_jar_for_each_api() throws IOException {
        try (ZipFile zip = new ZipFile(TARGET.resolve(NAME + ".zip").toFile())) {
            assertThat(names(zip))
                    .contains(NAME + "/bin/parley", NAME + "/config/parley.properties", NAME + "/THIRD-PARTY.txt")
                    .contains(NAME + "/lib/" + NAME + ".jar")
                    .anyMatch(name -> name.startsWith(NAME + "/lib/jakarta.websocket-api-"))
                    .noneMatch(name -> name.startsWith(NAME + "/lib/jakarta.jakartaee-"));
            Map<String, String> jars = new HashMap<>();
            for (String name : names(zip)) {
                if (name.endsWith(".jar")) {
                    classes(zip, name)
                            .forEach(type -> assertThat(jars.put(type, name))
                                    .as("%s is in %s too", type, name)
                                    .isNull());
                }
            }
            assertThat(jars.keySet())
                    .hasSizeGreaterThan(900)
                    .contains(
                            "jakarta/enterprise/inject/Produces.class",
                            "jakarta/inject/Inject.class",
                            "jakarta/json/Json.class",
                            "jakarta/websocket/Session.class",
                            "jakarta/websocket/server/ServerEndpoint.class",
                            "jakarta/ws/rs/Path.class");
        }
    }

    @Test
    void what_has_coordinates_of_its_own_has_its_classes_and_no_other_has_them() throws IOException {
        Map<String, String> places = new HashMap<>();
        for (String part : List.of("client", "server", "testkit")) {
            try (ZipFile jar =
                    new ZipFile(TARGET.resolve(NAME + "-" + part + ".jar").toFile())) {
                names(jar).stream()
                        .filter(name -> name.endsWith(".class"))
                        .forEach(name -> assertThat(places.put(name, part))
                                .as("%s is in %s too", name, part)
                                .isNull());
            }
        }
        assertThat(places)
                .containsEntry("dev/parley/client/ParleyClient.class", "client")
                .containsEntry("dev/parley/protocol/Message.class", "client")
                .containsEntry("dev/parley/standalone/Main.class", "server")
                .containsEntry("dev/parley/testkit/ParleyTest.class", "testkit");
        assertThat(places.keySet())
                .as("tests of the kit itself")
                .noneMatch(name -> name.startsWith("dev/parley/testkit/ParleyTestTest"));
    }

    @Test
    void the_test_kit_is_neither_in_the_war_nor_in_the_distribution() throws IOException {
        try (ZipFile war = new ZipFile(TARGET.resolve(NAME + ".war").toFile());
                ZipFile all = new ZipFile(TARGET.resolve(NAME + "-classes.jar").toFile())) {
            assertThat(names(war)).noneMatch(name -> name.contains("dev/parley/testkit"));
            assertThat(names(all)).noneMatch(name -> name.contains("dev/parley/testkit"));
        }
    }

    /** Those of Jakarta in a jar. */
    private static List<String> classes(ZipFile zip, String jar) throws IOException {
        List<String> classes = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(zip.getInputStream(zip.getEntry(jar)))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().matches("jakarta/.*\\.class")) {
                    classes.add(entry.getName());
                }
            }
        }
        return classes;
    }

    private static List<String> names(ZipFile zip) {
        return zip.stream().map(ZipEntry::getName).toList();
    }

    private static List<String> providers(ZipFile war, String name) {
        try (Stream<String> lines =
                new String(war.getInputStream(war.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8).lines()) {
            return lines.map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

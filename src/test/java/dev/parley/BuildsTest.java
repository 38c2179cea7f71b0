package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The builds beside the main one have no parent, since that is a WAR: what they share with it is written down twice. */
class BuildsTest {
    private static final Path MAIN = Path.of("pom.xml");

    /** To a property of the same file, or to one of the main build, which fills it in. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[\\w.-]+}|@[\\w.-]+@");

    @ParameterizedTest
    @ValueSource(strings = {"src/benchmark/pom.xml", "src/it/orders/pom.xml"})
    void a_library_or_plugin_of_another_build_has_the_version_that_it_has_in_the_main_one(String other)
            throws Exception {
        Map<String, String> main = versions(MAIN, Map.of());
        Map<String, String> shared = versions(Path.of(other), properties(read(MAIN), "@", "@"));
        // It has the version of the project, and a POM of its own
        main.put("parley-bom", main.get("parley"));
        main.put("parley-server", main.get("parley"));
        shared.keySet().retainAll(main.keySet());

        assertThat(shared.keySet()).containsAnyOf("parley-bom", "parley-server");
        assertThat(shared)
                .containsKeys("maven-compiler-plugin", "maven-surefire-plugin")
                .allSatisfy((artifact, version) -> assertThat(version).isEqualTo(main.get(artifact)));
    }

    /** Whoever depends on it gets what runs here: its POM is its own, since that of the WAR says what an app server has. */
    @Test
    void the_servers_own_pom_names_every_library_of_the_main_build_that_is_no_tests() throws Exception {
        Set<String> needed = artifacts(
                MAIN,
                dependency -> !child(dependency, "scope").map(BuildsTest::text).equals(Optional.of("test")));
        needed.remove("jakarta.jakartaee-api");
        needed.addAll(Set.of("parley-client", "jakarta.websocket-client-api", "slf4j-api"));

        assertThat(artifacts(Path.of("src/poms/parley-server.xml"), dependency -> true))
                .isEqualTo(needed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parley-bom", "parley-client", "parley-server", "parley-testkit"})
    void a_pom_of_its_own_has_every_version_from_the_main_build(String artifact) throws Exception {
        Map<String, String> versions =
                versions(Path.of("src/poms", artifact + ".xml"), properties(read(MAIN), "@", "@"));

        assertThat(versions).containsEntry(artifact, versions(MAIN, Map.of()).get("parley"));
        assertThat(versions.values()).doesNotContain("unknown");
    }

    /** What else is in the jar is no team's to use. */
    @Test
    void the_servers_javadoc_is_of_the_public_packages_alone() throws Exception {
        List<String> packages = all(read(MAIN).getElementsByTagName("javadoc"))
                .filter(javadoc -> javadoc.getAttribute("destdir").endsWith("/javadoc/server"))
                .map(javadoc -> javadoc.getAttribute("packagenames"))
                .toList();

        assertThat(packages).containsExactly(String.join(",", PublicPackagesTest.OF_SERVER));
    }

    /** Of the dependencies of the project itself. */
    private static Set<String> artifacts(Path file, Predicate<Element> which) throws Exception {
        Element all = child(read(file).getDocumentElement(), "dependencies").orElseThrow();
        return all(all.getChildNodes())
                .filter(which)
                .map(dependency -> text(child(dependency, "artifactId").orElseThrow()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By artifact. */
    private static Map<String, String> versions(Path file, Map<String, String> filledIn) throws Exception {
        Document pom = read(file);
        Map<String, String> properties = properties(pom, "${", "}");
        properties.putAll(filledIn);
        Map<String, String> versions = new TreeMap<>();
        all(pom.getElementsByTagName("version"))
                .forEach(version -> child((Element) version.getParentNode(), "artifactId")
                        .ifPresent(artifact -> versions.put(text(artifact), resolved(text(version), properties))));
        return versions;
    }

    /** By what refers to them. */
    private static Map<String, String> properties(Document pom, String before, String after) {
        Map<String, String> properties = new HashMap<>();
        Element project = pom.getDocumentElement();
        properties.put(
                before + "project.version" + after,
                text(child(project, "version").orElseThrow()));
        child(project, "properties").stream()
                .flatMap(all -> all(all.getChildNodes()))
                .forEach(property -> properties.put(before + property.getNodeName() + after, text(property)));
        return properties;
    }

    private static String resolved(String version, Map<String, String> properties) {
        String resolved = REFERENCE
                .matcher(version)
                .replaceAll(
                        reference -> Matcher.quoteReplacement(properties.getOrDefault(reference.group(), "unknown")));
        return resolved.equals(version) ? version : resolved(resolved, properties);
    }

    private static Document read(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static Optional<Element> child(Element parent, String name) {
        return all(parent.getChildNodes())
                .filter(child -> child.getNodeName().equals(name))
                .findFirst();
    }

    private static Stream<Element> all(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }

    private static String text(Node node) {
        return node.getTextContent().strip();
    }
}

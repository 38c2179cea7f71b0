package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The builds beside the main one have no parent, since that is a WAR: what they share with it is written down twice. */
class BuildsTest {
    private static final Path MAIN = Path.of("pom.xml");

    /** To a property of the same file, or to one of the main build that its invoker fills in. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[\\w.-]+}|@[\\w.-]+@");

    @ParameterizedTest
    @ValueSource(strings = {"src/benchmark/pom.xml", "src/it/orders/pom.xml"})
    void a_library_or_plugin_of_another_build_has_the_version_that_it_has_in_the_main_one(String other)
            throws Exception {
        Map<String, String> main = versions(MAIN, Map.of());
        Map<String, String> shared = versions(Path.of(other), properties(read(MAIN), "@", "@"));
        shared.keySet().retainAll(main.keySet());

        assertThat(shared)
                .containsKeys("parley", "maven-compiler-plugin", "maven-surefire-plugin")
                .allSatisfy((artifact, version) -> assertThat(version).isEqualTo(main.get(artifact)));
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
        all(child(project, "properties").orElseThrow().getChildNodes())
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

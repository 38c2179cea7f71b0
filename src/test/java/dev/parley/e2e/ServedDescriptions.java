package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The server's own descriptions, as it serves them, and what is held against them. */
final class ServedDescriptions {
    private static final String BASE = "https://parley.test/api/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode openApi;
    private final JsonNode asyncApi;
    private final JsonSchemaFactory schemas;
    private final Set<String> seen = new TreeSet<>();

    ServedDescriptions(String openApi, String asyncApi) throws IOException {
        this.openApi = JSON.readTree(openApi);
        this.asyncApi = JSON.readTree(asyncApi);
        this.schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders ->
                        loaders.schemas(Map.of(BASE + "openapi.json", openApi, BASE + "asyncapi.json", asyncApi))));
    }

    JsonNode openApi() {
        return openApi;
    }

    JsonNode asyncApi() {
        return asyncApi;
    }

    /** The operations and statuses that were held against it. */
    Set<String> seen() {
        return seen;
    }

    /** Every reference leads somewhere. */
    Set<String> danglingReferences() {
        Set<String> dangling = new HashSet<>();
        references(openApi, openApi, dangling);
        references(asyncApi, asyncApi, dangling);
        return dangling;
    }

    private void references(JsonNode node, JsonNode document, Set<String> dangling) {
        JsonNode reference = node.get("$ref");
        if (reference != null) {
            String text = reference.textValue();
            JsonNode target = text.startsWith("asyncapi.json#") ? asyncApi : document;
            if (target.at(text.substring(text.indexOf('#') + 1)).isMissingNode()) {
                dangling.add(text);
            }
        }
        node.forEach(child -> references(child, document, dangling));
    }

    /** One line of the WebSocket, or the data of an event. */
    void checkWire(String schema, String json) throws IOException {
        check(BASE + "asyncapi.json#/components/schemas/" + schema, json);
        seen.add(schema);
    }

    void checkHttp(String schema, String json) throws IOException {
        check(BASE + "openapi.json#/components/schemas/" + schema, json);
        seen.add(schema);
    }

    /**
     * An answer.
     *
     * @param path as the description has it
     */
    <T extends HttpResponse<String>> T check(String method, String path, T answer) throws IOException {
        JsonNode operation = openApi.at("/paths/" + escaped(path) + "/" + method);
        assertThat(operation.isMissingNode()).as(method + " " + path).isFalse();
        String place = "/paths/" + escaped(path) + "/" + method + "/responses/" + answer.statusCode();
        JsonNode reference = openApi.at(place + "/$ref");
        place = reference.isMissingNode() ? place : reference.textValue().substring(1);
        JsonNode response = openApi.at(place);
        assertThat(response.isMissingNode())
                .as(operation.get("operationId") + " " + answer.statusCode())
                .isFalse();
        response.path("headers").fields().forEachRemaining(header -> {
            if (header.getValue().path("required").asBoolean()) {
                assertThat(answer.headers().map()).containsKey(header.getKey().toLowerCase(Locale.ROOT));
            }
        });
        String type = answer.headers().firstValue("content-type").orElse("");
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).isEmpty();
        } else if (!content.has("*/*")) {
            assertThat(content.has(type)).as(type).isTrue();
            if (type.contains("json")) {
                check(BASE + "openapi.json#" + place + "/content/" + escaped(type) + "/schema", answer.body());
            }
        }
        seen.add(operation.get("operationId").textValue() + " " + answer.statusCode());
        return answer;
    }

    private static String escaped(String path) {
        return path.replace("~", "~0").replace("/", "~1");
    }

    private void check(String location, String json) throws IOException {
        JsonSchema schema = schemas.getSchema(SchemaLocation.of(location), config());
        assertThat(schema.validate(JSON.readTree(json))).as(json).isEmpty();
    }

    private static SchemaValidatorsConfig config() {
        return SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    }
}

package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.TestClient;
import dev.parley.jdbc.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The container's data sources: the one that its operator's script makes, and the one that it has anyway. */
@ExtendWith(ArquillianExtension.class)
@Tag("not-on-standalone") // which has none
@Timeout(180)
class DataSourceIT {
    private static final String POSTGRES = "postgres";
    private static final String DEFAULT = "default";

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = DEFAULT, managed = false, testable = false)
    static WebArchive onTheDefault() {
        return Wars.named(
                DEFAULT,
                Map.of(
                        "parley.datasource",
                        AppServer.isPayara() ? "jdbc/__default" : "java:jboss/datasources/ExampleDS"));
    }

    @Deployment(name = POSTGRES, managed = false, testable = false)
    static WebArchive onPostgres() {
        return Wars.with(
                Map.of("parley.datasource", AppServer.isPayara() ? "jdbc/parley" : "java:jboss/datasources/Parley"));
    }

    @Test
    void the_servers_default_works_and_readiness_says_what_it_loses() throws Exception {
        deployer.deploy(DEFAULT);
        try (TestClient client = TestClient.open(AppServer.uri())) {
            client.subscribe("room");
            client.publish("room", "k", "1");

            assertThat(client.awaitPushes(1)).hasSize(1);
            HttpResponse<String> ready = ready();
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .contains("durable")
                    .contains(AppServer.isPayara() ? "WRITE_DELAY" : "in memory: all messages are lost");
        } finally {
            deployer.undeploy(DEFAULT);
        }
    }

    @Test
    void the_operators_script_makes_one_that_keeps_what_it_acknowledges() throws Exception {
        try (EmbeddedPostgres postgres =
                PostgresServer.durable().setPort(AppServer.postgresPort()).start()) {
            deployer.deploy(POSTGRES);
            try {
                try (TestClient client = TestClient.open(AppServer.uri())) {
                    client.publish("room", "k", "{\"n\":1}");
                }
                assertThat(ready().body()).contains("\"status\":\"UP\"").doesNotContain("DOWN");
                assertThat(ready().statusCode()).isEqualTo(200);
                assertThat(messages(postgres)).isEqualTo(1);
            } finally {
                deployer.undeploy(POSTGRES);
            }
            deployer.deploy(POSTGRES);
            try (TestClient client = TestClient.open(AppServer.uri())) {
                client.subscribeWithHistory("room", 1);

                assertThat(client.awaitPushes(1).get(0).getJsonObject("data").getInt("n"))
                        .isEqualTo(1);
            } finally {
                deployer.undeploy(POSTGRES);
            }
        }
    }

    private static int messages(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM parley_message")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static HttpResponse<String> ready() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(AppServer.uri().resolve("health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.arquillian.Logins;
import dev.parley.arquillian.Logins.Login;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.TestClient;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The container's own login, as {@code web.xml} asks for it: its user and roles are those of the sessions. */
@ExtendWith(ArquillianExtension.class)
@Tag("not-on-standalone") // which logs nobody in
@Timeout(60)
class LoginIT {
    private static final String SECURITY = """
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>everything</web-resource-name>
                  <url-pattern>/*</url-pattern>
                </web-resource-collection>
                <auth-constraint>
                  <role-name>trader</role-name>
                  <role-name>operator</role-name>
                </auth-constraint>
              </security-constraint>
              <login-config>
                <auth-method>BASIC</auth-method>
                <realm-name>ApplicationRealm</realm-name>
              </login-config>
              <security-role>
                <role-name>trader</role-name>
              </security-role>
              <security-role>
                <role-name>operator</role-name>
              </security-role>
            </web-app>
            """;

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        WebArchive war = Wars.with(Map.of(
                "parley.channels.desk.subscribe", "trader, operator",
                "parley.channels.desk.publish", "operator",
                "parley.auth.guests", "false",
                "parley.auth.container-roles", "operator"));
        String descriptor = Wars.text(war, "WEB-INF/web.xml").replace("</web-app>", SECURITY);
        war.delete("WEB-INF/web.xml");
        return war.addAsWebInfResource(new StringAsset(descriptor), "web.xml");
    }

    @Test
    void who_is_not_logged_in_is_not_let_in() {
        assertThatThrownBy(() -> TestClient.open(uri(), "/channels"))
                .rootCause()
                .hasMessage("Unexpected HTTP response status code 401");
    }

    @Test
    void the_containers_user_and_roles_are_the_sessions() {
        try (TestClient trader = open("/channels", Logins.TRADER);
                TestClient operator = open("/channels", Logins.OPERATOR)) {
            assertThat(user(trader)).isEqualTo("tracy");
            assertThat(user(operator)).isEqualTo("olaf");
            String desk = "desk." + UUID.randomUUID();
            trader.subscribe(desk);

            assertThat(trader.reply("publish", "{\"channel\":\"" + desk + "\",\"data\":1}")
                            .getJsonObject("error")
                            .getString("name"))
                    .isEqualTo("not-allowed");
            operator.publish(desk, "k", "2");
            assertThat(trader.awaitPushes(1).get(0).getJsonObject("from").getString("user"))
                    .isEqualTo("olaf");
        }
    }

    @Test
    void an_endpoint_of_ones_own_knows_them_too() {
        try (TestClient room = open("/chat/" + UUID.randomUUID(), Logins.TRADER)) {
            room.send("{\"text\":\"hi\"}");

            JsonObject push = room.awaitPushes(1).get(0);
            for (int count = 2; !push.containsKey("text"); count++) {
                push = room.awaitPushes(count).get(count - 1);
            }
            assertThat(push.getJsonObject("from").getString("user")).isEqualTo("tracy");
        }
    }

    @Test
    void an_operator_of_the_containers_is_one_of_ours() throws Exception {
        assertThat(delete(Logins.TRADER)).isEqualTo(403);
        assertThat(delete(Logins.OPERATOR)).isEqualTo(204);
    }

    private int delete(Login login) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("api/users/nobody-here/connections"))
                .DELETE()
                .header("Authorization", login.basic())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String user(TestClient client) {
        return client.reply("connect", "{}").getJsonObject("connected").getString("user");
    }

    private TestClient open(String path, Login login) {
        return TestClient.open(uri(), path, "Authorization", login.basic());
    }

    private URI uri() {
        return URI.create(base.toString());
    }
}

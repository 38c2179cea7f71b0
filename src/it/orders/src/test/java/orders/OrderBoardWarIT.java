package orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.client.ClientOptions;
import dev.parley.client.Data;
import dev.parley.client.ParleyClient;
import dev.parley.protocol.Start;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The WAR as it was built, by Arquillian: here on the standalone server, and on any other by its adapter. */
@ExtendWith(ArquillianExtension.class)
class OrderBoardWarIT {
    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/orders.war"));
    }

    @Test
    void orders_are_taken_in_lower_case() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        URI channels = URI.create(base.toString().replaceFirst("http", "ws")).resolve("channels");
        try (ParleyClient client = new ParleyClient(ClientOptions.to(channels))) {
            client.subscribe(
                    Start.history("orders.war", 10), message -> heard.complete(Data.object(message).getString("item")));
            client.publishJson("orders.war", "{\"item\":\"TEA\",\"quantity\":1}");

            assertEquals("tea", heard.get(60, TimeUnit.SECONDS));
        }
    }
}

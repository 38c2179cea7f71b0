package dev.parley.containers;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.e2e.DrainedRestart;
import dev.parley.testing.TestTokens;
import java.util.HashMap;
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

/** The application is drained, taken away and deployed again: all come back, spread over the time, and miss nothing. */
@ExtendWith(ArquillianExtension.class)
@Tag("not-on-standalone") // where the process is killed and started again: dev.parley.e2e.DrainIT
@Tag("scaled")
@Timeout(600)
class ContainerDrainIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final String PARLEY = "parley";

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = PARLEY, managed = false, testable = false)
    static WebArchive war() {
        Map<String, String> settings = new HashMap<>(DrainedRestart.SETTINGS);
        settings.put("parley.auth.secret", SECRET);
        return Wars.with(settings);
    }

    @Test
    void a_drained_redeployment_loses_nothing_and_brings_nobody_back_at_once() throws Exception {
        String operator = new TestTokens()
                .signed(SECRET, TestTokens.claims("olga", "operator").build());
        deployer.deploy(PARLEY);
        try (DrainedRestart restart = new DrainedRestart(AppServer.name(), AppServer.uri(), operator)) {
            restart.drain();
            deployer.undeploy(PARLEY);
            deployer.deploy(PARLEY);
            restart.assertNothingLost(AppServer.uri());
        } finally {
            deployer.undeploy(PARLEY);
        }
    }
}

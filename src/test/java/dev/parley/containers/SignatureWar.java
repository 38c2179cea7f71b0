package dev.parley.containers;

import dev.parley.arquillian.AppServer;
import dev.parley.arquillian.Wars;
import dev.parley.signatures.GenericEndpoints;
import dev.parley.signatures.Point;
import dev.parley.signatures.TextEndpoints;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR with the endpoints of every signature, as far as the server takes them. */
final class SignatureWar {
    private static final List<String> UNDERTOW_REFUSES =
            List.of(GenericEndpoints.class.getSimpleName(), TextEndpoints.PartsAndObject.class.getSimpleName());

    private SignatureWar() {}

    static WebArchive with(Map<String, String> settings) {
        return Wars.with(settings).addPackages(false, path -> isTaken(path.get()), Point.class.getPackage());
    }

    /**
     * Undertow refuses an application with an endpoint whose message's class only another class names (UT003029), and with
     * one that takes parts with {@code Boolean} (UT003012).
     */
    private static boolean isTaken(String path) {
        return !AppServer.isWildFly() || UNDERTOW_REFUSES.stream().noneMatch(path::contains);
    }
}

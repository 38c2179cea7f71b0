package dev.parley.client;

import jakarta.websocket.WebSocketContainer;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a WebSocket client of the proxy to go through, for which Jakarta WebSocket has no words. Tyrus, which is what most have,
 * takes it as properties of its container, which are looked for by reflection so that nothing here needs Tyrus; by itself it
 * goes through the proxies of Java's own properties, but knows no login for them. Other clients are left to what they do by
 * themselves.
 */
final class ProxySettings {
    /** Of {@code org.glassfish.tyrus.client.ClientProperties}. */
    private static final String PROXY = "org.glassfish.tyrus.client.proxy";

    private static final String HEADERS = "org.glassfish.tyrus.client.proxy.headers";
    private static final String LOGIN = "Proxy-Authorization";
    private static final System.Logger LOGGER = System.getLogger(ProxySettings.class.getName());

    private ProxySettings() {}

    /** @param proxy is gone through; empty: those of Java's properties, where there are some for this address */
    static void apply(WebSocketContainer container, URI uri, Optional<HttpProxy> proxy) {
        if (proxy.isPresent()) {
            HttpProxy known = proxy.get();
            String host = known.host().indexOf(':') < 0 || known.host().startsWith("[")
                    ? known.host()
                    : "[" + known.host() + "]";
            Optional<Map<String, Object>> properties = properties(container);
            if (properties.isEmpty()) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "{0} cannot be told of the proxy {1}:{2}; Java''s own properties, https.proxyHost and https.proxyPort,"
                                + " may do",
                        container.getClass().getName(),
                        known.host(),
                        known.port());
            }
            properties.ifPresent(map -> {
                map.put(PROXY, "http://" + host + ":" + known.port());
                known.login().ifPresent(login -> map.put(HEADERS, Map.of(LOGIN, login.header())));
            });
            return;
        }
        HttpProxy.ofJava(uri)
                .flatMap(HttpProxy::login)
                .ifPresent(login -> properties(container)
                        .ifPresent(map -> map.putIfAbsent(HEADERS, Map.of(LOGIN, login.header()))));
    }

    @SuppressWarnings("unchecked") // what it is with Tyrus
    private static Optional<Map<String, Object>> properties(WebSocketContainer container) {
        try {
            Object properties = container.getClass().getMethod("getProperties").invoke(container);
            return properties instanceof Map<?, ?> map ? Optional.of((Map<String, Object>) map) : Optional.empty();
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Optional.empty();
        }
    }
}

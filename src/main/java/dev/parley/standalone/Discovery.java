package dev.parley.standalone;

import dev.parley.server.Given;
import dev.parley.server.Settings;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.websocket.server.ServerEndpoint;
import java.util.LinkedHashSet;
import java.util.Set;

/** Notes the endpoints as Weld finds them, and hands in the settings. */
final class Discovery implements Extension {
    private final Settings settings;
    private final Set<Class<?>> endpoints = new LinkedHashSet<>();

    Discovery(Settings settings) {
        this.settings = settings;
    }

    Set<Class<?>> endpoints() {
        return endpoints;
    }

    <T> void found(@Observes @WithAnnotations(ServerEndpoint.class) ProcessAnnotatedType<T> type) {
        Class<T> found = type.getAnnotatedType().getJavaClass();
        if (found.isAnnotationPresent(ServerEndpoint.class)) {
            endpoints.add(found);
        }
    }

    void give(@Observes AfterBeanDiscovery event) {
        event.<Settings>addBean()
                .beanClass(Settings.class)
                .types(Settings.class, Object.class)
                .qualifiers(new GivenLiteral())
                .scope(Dependent.class)
                .createWith(context -> settings);
    }

    private static final class GivenLiteral extends AnnotationLiteral<Given> implements Given {
        private static final long serialVersionUID = 1L;
    }
}

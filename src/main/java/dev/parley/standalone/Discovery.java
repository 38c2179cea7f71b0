package dev.parley.standalone;

import dev.parley.server.Given;
import dev.parley.server.NodeThreads;
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
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Notes the endpoints as Weld finds them, and hands in what an application server would have. */
final class Discovery implements Extension {
    private final Settings settings;
    private final DataSource database;
    private final Set<Class<?>> endpoints = new LinkedHashSet<>();

    Discovery(Settings settings, DataSource database) {
        this.settings = settings;
        this.database = database;
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
        give(event, Settings.class, () -> settings);
        give(event, DataSource.class, () -> database);
        give(event, NodeThreads.class, NodeThreads::own);
    }

    private static <T> void give(AfterBeanDiscovery event, Class<T> type, Supplier<T> given) {
        event.<T>addBean()
                .beanClass(type)
                .types(type, Object.class)
                .qualifiers(new GivenLiteral())
                .scope(Dependent.class)
                .createWith(context -> given.get());
    }

    private static final class GivenLiteral extends AnnotationLiteral<Given> implements Given {
        private static final long serialVersionUID = 1L;
    }
}

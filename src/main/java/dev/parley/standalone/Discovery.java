package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.server.ConnectionPool;
import dev.parley.server.Given;
import dev.parley.server.NodeExecutors;
import dev.parley.settings.Settings;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.enterprise.inject.spi.configurator.BeanConfigurator;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Singleton;
import jakarta.websocket.server.ServerEndpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Notes the endpoints as Weld finds them, and lends what an application server would: settings, threads, connections to
 * the database.
 */
final class Discovery implements Extension {
    private final Settings settings;
    private final Set<Class<?>> endpoints;

    Discovery(Settings settings, List<Class<?>> furtherEndpoints) {
        this.settings = settings;
        this.endpoints = new LinkedHashSet<>(furtherEndpoints);
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
        bean(event, Settings.class).createWith(context -> settings);
        bean(event, NodeExecutors.class).createWith(context -> NodeExecutors.own(settings.threads()));
        BeanConfigurator<DataSource> source = bean(event, DataSource.class);
        source.createWith(context -> ConnectionPool.of(settings.database()));
        source.destroyWith((pool, context) -> ((HikariDataSource) pool).close());
    }

    private static <T> BeanConfigurator<T> bean(AfterBeanDiscovery event, Class<T> type) {
        return event.<T>addBean()
                .beanClass(type)
                .types(type, Object.class)
                .qualifiers(new GivenLiteral())
                .scope(Singleton.class);
    }

    private static final class GivenLiteral extends AnnotationLiteral<Given> implements Given {
        private static final long serialVersionUID = 1L;
    }
}

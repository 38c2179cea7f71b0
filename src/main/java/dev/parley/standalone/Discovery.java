package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.server.ConnectionPool;
import dev.parley.server.Given;
import dev.parley.server.NodeExecutors;
import dev.parley.server.TeamConnections;
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
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Notes the endpoints as Weld finds them, and lends what an application server would: settings, threads, connections to
 * the database.
 */
final class Discovery implements Extension {
    private final Settings settings;
    private final Optional<InstantSource> time;
    private final Set<Class<?>> endpoints;

    Discovery(Settings settings, Additions additions) {
        this.settings = settings;
        this.time = additions.time();
        this.endpoints = new LinkedHashSet<>(additions.endpoints());
    }

    Set<Class<?>> endpoints() {
        return endpoints;
    }

    /** An {@code Endpoint}, or what says which of them are deployed and where. */
    void programs(Class<?> type) {
        endpoints.add(type);
    }

    <T> void found(@Observes @WithAnnotations(ServerEndpoint.class) ProcessAnnotatedType<T> type) {
        Class<T> found = type.getAnnotatedType().getJavaClass();
        if (found.isAnnotationPresent(ServerEndpoint.class)) {
            endpoints.add(found);
        }
    }

    void give(@Observes AfterBeanDiscovery event) {
        bean(event, Settings.class).createWith(context -> settings);
        time.ifPresent(source -> bean(event, InstantSource.class).createWith(context -> source));
        bean(event, NodeExecutors.class).createWith(context -> NodeExecutors.own(settings.threads()));
        BeanConfigurator<DataSource> source = bean(event, DataSource.class);
        source.createWith(context -> ConnectionPool.of(settings.database()));
        source.destroyWith((pool, context) -> ((HikariDataSource) pool).close());
        BeanConfigurator<TeamConnections> ofTeam = bean(event, TeamConnections.class);
        ofTeam.createWith(context -> new TeamConnections(ConnectionPool.ofTeam(settings.database())));
        ofTeam.destroyWith((team, context) -> ((HikariDataSource) team.source()).close());
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

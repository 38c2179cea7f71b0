package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identities;
import dev.parley.api.PublishFilter;
import dev.parley.server.ConnectionPool;
import dev.parley.server.Given;
import dev.parley.server.NodeExecutors;
import dev.parley.server.TeamConnections;
import dev.parley.settings.Settings;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Vetoed;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.enterprise.inject.spi.configurator.BeanConfigurator;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Singleton;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import java.lang.reflect.Modifier;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Notes the endpoints as Weld finds them, and lends what an application server would: settings, threads, connections to
 * the database.
 */
final class Discovery implements Extension {
    private static final System.Logger LOGGER = System.getLogger(Discovery.class.getName());

    /** What a team implements to be asked by the server. */
    private static final List<Class<?>> ASKED = List.of(PublishFilter.class, ChannelPolicy.class, Identities.class);

    private final Settings settings;
    private final Optional<InstantSource> time;
    private final Set<Class<?>> endpoints;
    private Optional<BeanManager> manager = Optional.empty();

    /** Of a team's classes that implement what is asked, beans or not, which that is. */
    private final Map<Class<?>, Class<?>> asked = new LinkedHashMap<>();

    Discovery(Settings settings, Additions additions) {
        this.settings = settings;
        this.time = additions.time();
        this.endpoints = new LinkedHashSet<>(additions.endpoints());
    }

    Set<Class<?>> endpoints() {
        return endpoints;
    }

    /**
     * A class in a jar or folder that CDI looks through, a bean or not: perhaps an {@code Endpoint}, or what says which of them
     * are deployed and where.
     */
    void sees(Class<?> type) {
        if (Modifier.isAbstract(type.getModifiers())) {
            return;
        }
        if (ServerApplicationConfig.class.isAssignableFrom(type) || Endpoint.class.isAssignableFrom(type)) {
            endpoints.add(type);
        }
        if (!isOurs(type) && !type.isAnnotationPresent(Vetoed.class) && !type.isAnnotationPresent(Alternative.class)) {
            ASKED.stream()
                    .filter(interest -> interest.isAssignableFrom(type))
                    .forEach(interest -> asked.put(type, interest));
        }
    }

    /** What a team means to be asked, and is not, since it is no bean nor made by a producer: the log names each. */
    void warnOfNoBeans(BeanManager manager) {
        asked.forEach((type, interest) -> {
            if (manager.getBeans(type, Any.Literal.INSTANCE).isEmpty() && !isProduced(interest, manager)) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "{0} is never asked: it is no bean, since it has no scope. Annotate it as @ApplicationScoped, or as"
                                + " @Vetoed if that is meant.",
                        type.getName());
            }
        });
    }

    /** Whether a method or a field of the team makes one, of whatever class. */
    private static boolean isProduced(Class<?> interest, BeanManager manager) {
        return manager.getBeans(interest, Any.Literal.INSTANCE).stream()
                .map(Bean::getBeanClass)
                .anyMatch(declaring -> !interest.isAssignableFrom(declaring) && !isOurs(declaring));
    }

    private static boolean isOurs(Class<?> type) {
        return type.getProtectionDomain() == Discovery.class.getProtectionDomain();
    }

    <T> void found(@Observes @WithAnnotations(ServerEndpoint.class) ProcessAnnotatedType<T> type) {
        Class<T> found = type.getAnnotatedType().getJavaClass();
        if (found.isAnnotationPresent(ServerEndpoint.class)) {
            endpoints.add(found);
        }
    }

    void validated(@Observes AfterDeploymentValidation event, BeanManager beans) {
        manager = Optional.of(beans);
    }

    /** Whether there is an instance of this bean, whose scope is {@link Singleton}. */
    boolean hasMade(Class<?> type) {
        return manager.map(beans -> beans.getContext(Singleton.class).get(beans.resolve(beans.getBeans(type))))
                .isPresent();
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
